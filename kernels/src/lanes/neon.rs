//! AArch64 with Advanced SIMD (NEON), which all of them have.

use core::arch::aarch64::{
    float32x4_t, vaddq_f32, vaddq_s32, vdivq_f32, vdupq_n_f32, vdupq_n_s32, vfmaq_f32, vld1q_f32, vmaxq_f32,
    vminq_f32, vmulq_f32, vreinterpretq_f32_s32, vreinterpretq_s32_f32, vshlq_n_s32, vsqrtq_f32, vst1q_f32,
    vsubq_f32,
};

use super::{Lanes, Portable, apart};
use crate::integers::{Integers, integers_apart};

/// Four lanes, multiplication and addition in one.
pub struct Neon;

/// Functions of one instruction each.
macro_rules! instructions {
    ($($name:ident($($argument:ident),+) = $body:expr;)+) => {
        $(
            #[inline]
            #[target_feature(enable = "neon")]
            unsafe fn $name($($argument: float32x4_t),+) -> float32x4_t {
                $body
            }
        )+
    };
}

impl Lanes for Neon {
    type V = float32x4_t;
    const N: usize = 4;
    // Twenty-four sums, three columns and up to five rows on their way fill the thirty-two registers. Sixteen sums would
    // keep four units of four cycles busy; what more rows spare is reading, 11 loads for 24 operations.
    const ROWS: usize = 8;
    const WIDTH: usize = 12;

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn splat(value: f32) -> float32x4_t {
        vdupq_n_f32(value)
    }

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn load(from: *const f32) -> float32x4_t {
        // SAFETY: `N` values lie there: `add_product` and `Update::apply`, which alone load, stay inside their slices.
        // They need no alignment.
        unsafe { vld1q_f32(from) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn store(to: *mut f32, value: float32x4_t) {
        // SAFETY: as for `load`: `N` values lie there.
        unsafe { vst1q_f32(to, value) }
    }

    instructions! {
        mul_add(a, b, c) = vfmaq_f32(c, a, b);
        sub(a, b) = vsubq_f32(a, b);
        mul(a, b) = vmulq_f32(a, b);
        div(a, b) = vdivq_f32(a, b);
        sqrt(a) = vsqrtq_f32(a);
        add(a, b) = vaddq_f32(a, b);
        max(a, b) = vmaxq_f32(a, b);
        power_of_two(shifted) = {
            let bits = vshlq_n_s32::<23>(vreinterpretq_s32_f32(shifted));
            vreinterpretq_f32_s32(vaddq_s32(bits, vdupq_n_s32(1.0_f32.to_bits().cast_signed())))
        };
    }

    #[inline]
    #[target_feature(enable = "neon")]
    unsafe fn clamp(a: float32x4_t, bound: f32) -> float32x4_t {
        // These keep what is no number.
        vmaxq_f32(vdupq_n_f32(-bound), vminq_f32(vdupq_n_f32(bound), a))
    }

    apart!(8, 3, "neon");
}

/// Products of 8 bits are those that every target has: NEON's own are an extension.
impl Integers for Neon {
    type I = <Portable as Integers>::I;
    const SUMS: usize = Portable::SUMS;

    #[inline(always)]
    unsafe fn zero() -> Self::I {
        // SAFETY: what every target has is there, here and below.
        unsafe { Portable::zero() }
    }

    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> Self::I {
        // SAFETY: see `zero`.
        unsafe { Portable::load_weights(from) }
    }

    #[inline(always)]
    unsafe fn four(from: *const u8) -> Self::I {
        // SAFETY: see `zero`.
        unsafe { Portable::four(from) }
    }

    #[inline(always)]
    unsafe fn add_products(weights: Self::I, inputs: Self::I, sums: Self::I) -> Self::I {
        // SAFETY: see `zero`.
        unsafe { Portable::add_products(weights, inputs, sums) }
    }

    #[inline(always)]
    unsafe fn store_sums(to: *mut i32, sums: Self::I) {
        // SAFETY: see `zero`.
        unsafe { Portable::store_sums(to, sums) }
    }

    integers_apart!("neon");
}
