//! WebAssembly's relaxed SIMD.

use core::arch::wasm32::{
    f32x4_add, f32x4_div, f32x4_mul, f32x4_ne, f32x4_pmax, f32x4_pmin, f32x4_relaxed_madd, f32x4_splat,
    f32x4_sqrt, f32x4_sub, i32x4_add, i32x4_relaxed_dot_i8x16_i7x16_add, i32x4_shl, i32x4_splat, v128,
    v128_load, v128_load32_splat, v128_or, v128_store,
};

use super::{Lanes, apart};
use crate::integers::{Integers, integers_apart};

/// Four lanes whose `mul_add` is one instruction where the machine has it.
pub struct Relaxed;

impl Lanes for Relaxed {
    type V = v128;
    const N: usize = 4;
    // Nine sums, three columns and three rows fill the fifteen registers that V8 has on x86-64; the compiler reads a
    // step's rows all at once, whatever order is written here. Four rows of three vectors, or six of two, run at half
    // the speed.
    const ROWS: usize = 3;
    const WIDTH: usize = 12;

    #[inline(always)]
    unsafe fn splat(value: f32) -> v128 {
        f32x4_splat(value)
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> v128 {
        // SAFETY: `N` values lie there, see [`Lanes`]: kernels stay inside the slices that they are given.
        // They need no alignment.
        unsafe { v128_load(from.cast()) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: v128) {
        // SAFETY: as for `load`: `N` values lie there.
        unsafe { v128_store(to.cast(), value) }
    }

    #[inline]
    #[target_feature(enable = "relaxed-simd")]
    unsafe fn mul_add(a: v128, b: v128, c: v128) -> v128 {
        f32x4_relaxed_madd(a, b, c)
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
    unsafe fn add(a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }

    #[inline(always)]
    unsafe fn max(a: v128, b: v128) -> v128 {
        f32x4_pmax(a, b)
    }

    #[inline(always)]
    unsafe fn clamp(a: v128, bound: f32) -> v128 {
        // The compiler makes relaxed minima and maxima of these, which may make a number of what is none. All bits of
        // a lane that is set are none again.
        let clamped = f32x4_pmax(f32x4_pmin(a, f32x4_splat(bound)), f32x4_splat(-bound));
        v128_or(clamped, f32x4_ne(a, a))
    }

    #[inline(always)]
    unsafe fn power_of_two(shifted: v128) -> v128 {
        i32x4_add(i32x4_shl(shifted, 23), f32x4_splat(1.0))
    }

    // Twelve sums, two rows and one column fill the registers. V8 needs two instructions to read a row's value and one
    // for a vector: against three rows of three vectors 21 in place of 23 for nine operations, a tenth less time where
    // another thread has half of the core.
    apart!(2, 6, "relaxed-simd");
}

impl Integers for Relaxed {
    type I = v128;
    const SUMS: usize = 4;

    #[inline(always)]
    unsafe fn zero() -> v128 {
        i32x4_splat(0)
    }

    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> v128 {
        // SAFETY: four weights for each lane lie there, see [`Integers`].
        unsafe { v128_load(from.cast()) }
    }

    #[inline(always)]
    unsafe fn four(from: *const u8) -> v128 {
        // SAFETY: four inputs lie there, see [`Integers`].
        unsafe { v128_load32_splat(from.cast()) }
    }

    #[inline]
    #[target_feature(enable = "relaxed-simd")]
    unsafe fn add_products(weights: v128, inputs: v128, sums: v128) -> v128 {
        // Of inputs of 7 bits every machine gives the same.
        i32x4_relaxed_dot_i8x16_i7x16_add(weights, inputs, sums)
    }

    #[inline(always)]
    unsafe fn store_sums(to: *mut i32, sums: v128) {
        // SAFETY: room for each lane is there, see [`Integers`].
        unsafe { v128_store(to.cast(), sums) }
    }

    integers_apart!("relaxed-simd");
}
