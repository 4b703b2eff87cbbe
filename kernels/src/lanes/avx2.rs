//! x86-64 with AVX2 and FMA.

use core::arch::x86_64::{
    __m256, _CMP_GT_OQ, _mm256_add_ps, _mm256_and_ps, _mm256_cmp_ps, _mm256_div_ps, _mm256_fmadd_ps,
    _mm256_loadu_ps, _mm256_max_ps, _mm256_mul_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_sqrt_ps,
    _mm256_storeu_ps, _mm256_sub_ps,
};

use super::Lanes;

/// Eight lanes.
pub struct Avx2;

/// Functions of one instruction each.
macro_rules! instructions {
    ($($name:ident($($argument:ident),+) = $body:expr;)+) => {
        $(
            #[inline]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn $name($($argument: __m256),+) -> __m256 {
                $body
            }
        )+
    };
}

impl Lanes for Avx2 {
    type V = __m256;
    const N: usize = 8;

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn splat(value: f32) -> __m256 {
        _mm256_set1_ps(value)
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: the caller has eight values there.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn store(to: *mut f32, value: __m256) {
        // SAFETY: as above.
        unsafe { _mm256_storeu_ps(to, value) }
    }

    instructions! {
        mul_add(a, b, c) = _mm256_fmadd_ps(a, b, c);
        add(a, b) = _mm256_add_ps(a, b);
        sub(a, b) = _mm256_sub_ps(a, b);
        mul(a, b) = _mm256_mul_ps(a, b);
        div(a, b) = _mm256_div_ps(a, b);
        sqrt(a) = _mm256_sqrt_ps(a);
        relu(a) = _mm256_max_ps(a, _mm256_setzero_ps());
        gated(gate, a) = _mm256_and_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(gate, _mm256_setzero_ps()), a);
    }
}
