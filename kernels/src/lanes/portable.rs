//! Four lanes by `wide`.

use wide::{f32x4, i16x8, i32x4};

use super::{Lanes, apart};
use crate::integers::{Integers, integers_apart};

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

    // Eight sums, two rows, one column and one product: as in relaxed SIMD, rows are few, since V8 needs two
    // instructions to read a row's value and one for a vector. A seventh less time than four rows of two vectors.
    apart!(2, 4);
}

impl Integers for Portable {
    /// As four bytes for each lane, or as a sum.
    type I = i32x4;
    const SUMS: usize = 4;

    #[inline(always)]
    unsafe fn zero() -> i32x4 {
        i32x4::splat(0)
    }

    #[inline(always)]
    unsafe fn load_weights(from: *const i8) -> i32x4 {
        // SAFETY: four weights for each lane lie there, see [`Integers`]; an array needs no alignment beyond theirs.
        let bytes = unsafe { *from.cast::<[[u8; 4]; 4]>() };
        i32x4::new(bytes.map(i32::from_le_bytes))
    }

    #[inline(always)]
    unsafe fn four(from: *const u8) -> i32x4 {
        // SAFETY: four inputs lie there, see [`Integers`]; an array needs no alignment beyond theirs.
        i32x4::splat(i32::from_le_bytes(unsafe { *from.cast::<[u8; 4]>() }))
    }

    #[inline(always)]
    unsafe fn add_products(weights: i32x4, inputs: i32x4, sums: i32x4) -> i32x4 {
        // Every second byte of both as a number of 16 bits, with its sign.
        let odd = |bytes: i32x4| -> i16x8 { halves(bytes) >> 8 };
        let even = |bytes: i32x4| -> i16x8 { (halves(bytes) << 8) >> 8 };
        sums + odd(weights).dot(odd(inputs)) + even(weights).dot(even(inputs))
    }

    #[inline(always)]
    unsafe fn store_sums(to: *mut i32, sums: i32x4) {
        // SAFETY: room for each lane is there, see [`Integers`]; an array needs no alignment beyond theirs.
        unsafe { *to.cast::<[i32; 4]>() = sums.to_array() }
    }

    integers_apart!();
}

/// The same bits as numbers of 16.
#[inline(always)]
fn halves(bytes: i32x4) -> i16x8 {
    let pairs = bytes.to_array().map(|four| [four as i16, (four >> 16) as i16]);
    i16x8::new([
        pairs[0][0],
        pairs[0][1],
        pairs[1][0],
        pairs[1][1],
        pairs[2][0],
        pairs[2][1],
        pairs[3][0],
        pairs[3][1],
    ])
}
