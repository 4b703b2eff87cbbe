//! Four lanes by `wide`.

use wide::f32x4;

use super::{Lanes, apart};

/// Four lanes on every target.
pub struct Portable;

impl Lanes for Portable {
    type V = f32x4;
    const N: usize = 4;
    // Eight sums, two columns, four rows and one product on its way fill the fifteen registers that V8 has on x86-64;
    // the compiler reads a step's rows all at once, whatever order is written here.
    const ROWS: usize = 4;
    const WIDTH: usize = 8;

    #[inline(always)]
    unsafe fn splat(value: f32) -> f32x4 {
        f32x4::splat(value)
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> f32x4 {
        // SAFETY: `N` values lie there, see [`Lanes`]: kernels stay inside the slices that they are given.
        // An array needs no alignment beyond theirs.
        f32x4::new(unsafe { *from.cast::<[f32; 4]>() })
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: f32x4) {
        // SAFETY: as for `load`: `N` values lie there.
        unsafe { *to.cast::<[f32; 4]>() = value.to_array() }
    }

    #[inline(always)]
    unsafe fn mul_add(a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        a * b + c
    }

    #[inline(always)]
    unsafe fn sub(a: f32x4, b: f32x4) -> f32x4 {
        a - b
    }

    #[inline(always)]
    unsafe fn mul(a: f32x4, b: f32x4) -> f32x4 {
        a * b
    }

    #[inline(always)]
    unsafe fn div(a: f32x4, b: f32x4) -> f32x4 {
        a / b
    }

    #[inline(always)]
    unsafe fn sqrt(a: f32x4) -> f32x4 {
        a.sqrt()
    }

    #[inline(always)]
    unsafe fn add(a: f32x4, b: f32x4) -> f32x4 {
        a + b
    }

    #[inline(always)]
    unsafe fn max(a: f32x4, b: f32x4) -> f32x4 {
        b.simd_gt(a).select(b, a)
    }

    #[inline(always)]
    unsafe fn clamp(a: f32x4, bound: f32) -> f32x4 {
        let bound = f32x4::splat(bound);
        // Comparisons with what is no number hold for none, and leave it.
        let below = a.simd_gt(bound).select(bound, a);
        below.simd_lt(-bound).select(-bound, below)
    }

    #[inline(always)]
    unsafe fn power_of_two(shifted: f32x4) -> f32x4 {
        let power = |value: f32| f32::from_bits((value.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
        f32x4::new(shifted.to_array().map(power))
    }

    apart!(4, 2);
}
