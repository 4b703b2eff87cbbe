//! x86-64 with AVX2 and FMA.

use core::arch::x86_64::{
    __m256, __m256i, _mm256_add_epi32, _mm256_add_ps, _mm256_castps_si256, _mm256_castsi256_ps,
    _mm256_div_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_maddubs_epi16, _mm256_max_ps, _mm256_min_ps, _mm256_mul_ps, _mm256_set1_epi16, _mm256_set1_epi32,
    _mm256_set1_ps, _mm256_setzero_si256, _mm256_slli_epi32, _mm256_sqrt_ps, _mm256_storeu_ps,
    _mm256_storeu_si256, _mm256_sub_ps,
};

use super::{Lanes, apart};
use crate::integers::{Integers, integers_apart};

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
    // Twelve sums, two columns and two rows on their way fill the sixteen registers. Of four rows of three vectors the
    // compiler keeps one sum in memory, since it reads a row ahead: half the speed.
    const ROWS: usize = 6;
    const WIDTH: usize = 16;

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn splat(value: f32) -> __m256 {
        _mm256_set1_ps(value)
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: `N` values lie there, see [`Lanes`]: kernels stay inside the slices that they are given.
        // They need no alignment.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn store(to: *mut f32, value: __m256) {
        // SAFETY: as for `load`: `N` values lie there.
        unsafe { _mm256_storeu_ps(to, value) }
    }

    instructions! {
        mul_add(a, b, c) = _mm256_fmadd_ps(a, b, c);
        sub(a, b) = _mm256_sub_ps(a, b);
        mul(a, b) = _mm256_mul_ps(a, b);
        div(a, b) = _mm256_div_ps(a, b);
        sqrt(a) = _mm256_sqrt_ps(a);
        add(a, b) = _mm256_add_ps(a, b);
        max(a, b) = _mm256_max_ps(a, b);
        power_of_two(shifted) = {
            let bits = _mm256_slli_epi32::<23>(_mm256_castps_si256(shifted));
            _mm256_castsi256_ps(_mm256_add_epi32(bits, _mm256_set1_epi32(1.0_f32.to_bits().cast_signed())))
        };
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn clamp(a: __m256, bound: f32) -> __m256 {
        // Of two operands, one of which is no number, both give the second.
        _mm256_max_ps(_mm256_set1_ps(-bound), _mm256_min_ps(_mm256_set1_ps(bound), a))
    }

    // Of four rows by three vectors, one sum would go to memory and back in every step, since the left side takes a
    // register for each value.
    apart!(6, 2, "avx2,fma");
}

impl Integers for Avx2 {
    type I = __m256i;
    const SUMS: usize = 8;

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn zero() -> __m256i {
        _mm256_setzero_si256()
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn load_weights(from: *const i8) -> __m256i {
        // SAFETY: four weights for each lane lie there, see [`Integers`]; they need no alignment.
        unsafe { _mm256_loadu_si256(from.cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn four(from: *const u8) -> __m256i {
        // SAFETY: four inputs lie there, see [`Integers`]; an array needs no alignment beyond theirs.
        _mm256_set1_epi32(i32::from_le_bytes(unsafe { *from.cast::<[u8; 4]>() }))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn add_products(weights: __m256i, inputs: __m256i, sums: __m256i) -> __m256i {
        // Two products of 127 · 127 are less than 2^15: nothing is cut off.
        let pairs = _mm256_maddubs_epi16(inputs, weights);
        _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn store_sums(to: *mut i32, sums: __m256i) {
        // SAFETY: room for each lane is there, see [`Integers`]; it needs no alignment.
        unsafe { _mm256_storeu_si256(to.cast(), sums) }
    }

    integers_apart!("avx2");
}
