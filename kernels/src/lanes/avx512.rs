//! x86-64 with AVX-512.

use core::arch::x86_64::{
    __m512, _mm512_add_epi32, _mm512_add_ps, _mm512_castps_si512, _mm512_castsi512_ps, _mm512_div_ps,
    _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_max_ps, _mm512_min_ps, _mm512_mul_ps, _mm512_set1_epi32,
    _mm512_set1_ps, _mm512_slli_epi32, _mm512_sqrt_ps, _mm512_storeu_ps, _mm512_sub_ps,
};

use super::{Avx2, Lanes, apart};
use crate::integers::{Integers, integers_apart};

/// Sixteen lanes.
pub struct Avx512;

/// Functions of one instruction each.
macro_rules! instructions {
    ($($name:ident($($argument:ident),+) = $body:expr;)+) => {
        $(
            #[inline]
            #[target_feature(enable = "avx512f")]
            unsafe fn $name($($argument: __m512),+) -> __m512 {
                $body
            }
        )+
    };
}

impl Lanes for Avx512 {
    type V = __m512;
    const N: usize = 16;
    // Twenty-four sums, two columns and up to six rows on their way fill the thirty-two registers. Eight sums would keep
    // two units of four cycles busy; what more rows spare is reading, 14 loads for 24 operations. Panels of 32 columns
    // rather than 48, since the last one of a layer is filled up with zeros.
    const ROWS: usize = 12;
    const WIDTH: usize = 32;

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn splat(value: f32) -> __m512 {
        _mm512_set1_ps(value)
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: `N` values lie there: `add_product` and `Update::apply`, which alone load, stay inside their slices.
        // They need no alignment.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn store(to: *mut f32, value: __m512) {
        // SAFETY: as for `load`: `N` values lie there.
        unsafe { _mm512_storeu_ps(to, value) }
    }

    instructions! {
        mul_add(a, b, c) = _mm512_fmadd_ps(a, b, c);
        sub(a, b) = _mm512_sub_ps(a, b);
        mul(a, b) = _mm512_mul_ps(a, b);
        div(a, b) = _mm512_div_ps(a, b);
        sqrt(a) = _mm512_sqrt_ps(a);
        add(a, b) = _mm512_add_ps(a, b);
        max(a, b) = _mm512_max_ps(a, b);
        power_of_two(shifted) = {
            let bits = _mm512_slli_epi32::<23>(_mm512_castps_si512(shifted));
            _mm512_castsi512_ps(_mm512_add_epi32(bits, _mm512_set1_epi32(1.0_f32.to_bits().cast_signed())))
        };
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn clamp(a: __m512, bound: f32) -> __m512 {
        // Of two operands, one of which is no number, both give the second.
        _mm512_max_ps(_mm512_set1_ps(-bound), _mm512_min_ps(_mm512_set1_ps(bound), a))
    }

    apart!(8, 3, "avx512f");
}

/// Products of 8 bits are those of AVX2, which every machine with AVX-512 has: wider ones are an extension of their own.
impl Integers for Avx512 {
    type I = <Avx2 as Integers>::I;
    const SUMS: usize = Avx2::SUMS;

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn zero() -> Self::I {
        // SAFETY: the function has the same condition, here and below.
        unsafe { Avx2::zero() }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn load_weights(from: *const i8) -> Self::I {
        // SAFETY: see `zero`.
        unsafe { Avx2::load_weights(from) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn four(from: *const u8) -> Self::I {
        // SAFETY: see `zero`.
        unsafe { Avx2::four(from) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn add_products(weights: Self::I, inputs: Self::I, sums: Self::I) -> Self::I {
        // SAFETY: see `zero`.
        unsafe { Avx2::add_products(weights, inputs, sums) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn store_sums(to: *mut i32, sums: Self::I) {
        // SAFETY: see `zero`.
        unsafe { Avx2::store_sums(to, sums) }
    }

    integers_apart!("avx2");
}
