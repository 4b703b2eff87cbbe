//! WebAssembly's relaxed SIMD.

use core::arch::wasm32::{
    f32x4_add, f32x4_div, f32x4_gt, f32x4_max, f32x4_mul, f32x4_relaxed_madd, f32x4_splat, f32x4_sqrt,
    f32x4_sub, v128, v128_and, v128_load, v128_store,
};

use super::Lanes;

/// Four lanes whose `mul_add` is one instruction where the machine has it.
pub struct Relaxed;

impl Lanes for Relaxed {
    type V = v128;
    const N: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: f32) -> v128 {
        f32x4_splat(value)
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> v128 {
        // SAFETY: the caller has four values there.
        unsafe { v128_load(from.cast()) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: v128) {
        // SAFETY: as above.
        unsafe { v128_store(to.cast(), value) }
    }

    #[inline]
    #[target_feature(enable = "relaxed-simd")]
    unsafe fn mul_add(a: v128, b: v128, c: v128) -> v128 {
        f32x4_relaxed_madd(a, b, c)
    }

    #[inline(always)]
    unsafe fn add(a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }

    #[inline(always)]
    unsafe fn sub(a: v128, b: v128) -> v128 {
        f32x4_sub(a, b)
    }

    #[inline(always)]
    unsafe fn mul(a: v128, b: v128) -> v128 {
        f32x4_mul(a, b)
    }

    #[inline(always)]
    unsafe fn div(a: v128, b: v128) -> v128 {
        f32x4_div(a, b)
    }

    #[inline(always)]
    unsafe fn sqrt(a: v128) -> v128 {
        f32x4_sqrt(a)
    }

    #[inline(always)]
    unsafe fn relu(a: v128) -> v128 {
        f32x4_max(a, f32x4_splat(0.0))
    }

    #[inline(always)]
    unsafe fn gated(gate: v128, a: v128) -> v128 {
        v128_and(f32x4_gt(gate, f32x4_splat(0.0)), a)
    }
}
