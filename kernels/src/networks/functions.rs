//! The exponential function and its kin, some lanes at a time. What is no number stays none; what is too large or too
//! small for a float becomes infinite, or 0.
//!
//! Their error is at most 4 units in the last place; a sigmoid that no normal float is small enough for may become 0.

use crate::lanes::Lanes;

/// 1.5 · 2²³: a float so large that its last bit is worth 1. What is added to it is rounded to a whole number.
const ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts; the first has so few digits that whole numbers times it are exact (Cody and Waite 1980).
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2, from the power 0: the polynomial through its values at Chebyshev's points.
const SERIES: [f32; 5] = [0.5, 0.166_665_76, 0.041_666_556, 0.008_363_203, 0.001_392_621_3];

/// `2ⁿ` and `eʳ − 1` of `value = n · ln 2 + r`, |r| ≤ ln 2 / 2; the value is at most 87 from 0.
///
/// # Safety
/// As [`Lanes`].
#[inline(always)]
unsafe fn parts<S: Lanes>(value: S::V) -> (S::V, S::V) {
    // SAFETY: handed on.
    unsafe {
        let shifted = S::mul_add(value, S::splat(std::f32::consts::LOG2_E), S::splat(ROUNDER));
        let n = S::sub(shifted, S::splat(ROUNDER));
        let rest = S::mul_add(n, S::splat(-LN_2[0]), value);
        let rest = S::mul_add(n, S::splat(-LN_2[1]), rest);
        let [last, others @ ..] = [SERIES[4], SERIES[3], SERIES[2], SERIES[1], SERIES[0]];
        let mut series = S::splat(last);
        for term in others {
            series = S::mul_add(series, rest, S::splat(term));
        }
        (S::power_of_two(shifted), S::mul_add(S::mul(rest, rest), series, rest))
    }
}

/// eˣ.
///
/// # Safety
/// As [`Lanes`].
#[inline(always)]
pub unsafe fn exp<S: Lanes>(value: S::V) -> S::V {
    // SAFETY: handed on.
    unsafe {
        // Half of it, squared: so the power of two is a float, whatever becomes of the square.
        let (power, rest) = parts::<S>(S::clamp(S::mul(value, S::splat(0.5)), 64.0));
        let root = S::mul_add(power, rest, power);
        S::mul(root, root)
    }
}

/// 1 / (1 + e⁻ˣ).
///
/// # Safety
/// As [`Lanes`].
#[inline(always)]
pub unsafe fn sigmoid<S: Lanes>(value: S::V) -> S::V {
    // SAFETY: handed on.
    unsafe {
        let one = S::splat(1.0);
        S::div(one, S::add(one, exp::<S>(S::sub(S::splat(0.0), value))))
    }
}

/// The hyperbolic tangent, as precise near 0 as elsewhere: e²ˣ − 1 by that plus 2.
///
/// # Safety
/// As [`Lanes`].
#[inline(always)]
pub unsafe fn tanh<S: Lanes>(value: S::V) -> S::V {
    // SAFETY: handed on.
    unsafe {
        // At 20 it has long been 1.
        let (power, rest) = parts::<S>(S::clamp(S::add(value, value), 40.0));
        let less_one = S::mul_add(power, rest, S::sub(power, S::splat(1.0)));
        S::div(less_one, S::add(less_one, S::splat(2.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Isa, with_isa};

    #[inline(always)]
    unsafe fn all<S: Lanes, const R: usize, const W: usize>(values: &[f32], to: &mut [Vec<f32>; 3]) {
        for at in (0..values.len()).step_by(S::N) {
            // SAFETY: `with_isa` runs this where the instructions of `S` are; there are a multiple of 16 values.
            unsafe {
                let value = S::load(values.as_ptr().add(at));
                let functions = [exp::<S>(value), sigmoid::<S>(value), tanh::<S>(value)];
                for (to, found) in to.iter_mut().zip(functions) {
                    S::store(to.as_mut_ptr().add(at), found);
                }
            }
        }
    }

    fn found(isa: Isa, values: &[f32]) -> [Vec<f32>; 3] {
        let mut to = [(); 3].map(|()| vec![0.0; values.len()]);
        let found = &mut to;
        with_isa!(isa, all(values: &[f32], found: &mut [Vec<f32>; 3]));
        to
    }

    #[test]
    fn functions_are_their_definitions_to_a_few_units_in_the_last_place() {
        let near = (-150_000..150_000).map(|step| step as f32 * 1e-3);
        let tiny =
            (1..4000).flat_map(|step| [1e-8, 1e-5].map(|scale| step as f32 * scale)).flat_map(|x| [x, -x]);
        let mut values: Vec<f32> = near.chain(tiny).collect();
        values.resize(values.len().next_multiple_of(16), 0.0);
        let expected = [f64::exp, |x: f64| 1.0 / (1.0 + (-x).exp()), f64::tanh];
        for isa in Isa::available() {
            for ((found, expected), name) in
                found(isa, &values).iter().zip(expected).zip(["exp", "sigmoid", "tanh"])
            {
                let mut largest = 0.0_f64;
                for (value, found) in values.iter().zip(found) {
                    let expected = expected(f64::from(*value));
                    if expected > f64::from(f32::MAX) {
                        assert!(
                            *found == f32::INFINITY || expected < 3.403e38,
                            "{isa:?} {name}({value}): {found}"
                        );
                        continue;
                    }
                    if expected.abs() < f64::from(f32::MIN_POSITIVE) {
                        // Such a number may become 0.
                        assert!(found.abs() <= f32::MIN_POSITIVE, "{isa:?} {name}({value}): {found}");
                        continue;
                    }
                    let unit = f64::powi(2.0, expected.abs().log2().floor() as i32 - 23);
                    largest = largest.max((f64::from(*found) - expected).abs() / unit);
                }
                assert!(largest <= 4.0, "{isa:?} {name}: {largest} units in the last place");
            }
        }
    }

    #[test]
    fn functions_are_finite_where_their_limits_are_and_keep_what_is_no_number() {
        let mut values =
            vec![f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, f32::NAN, -f32::NAN, 0.0, -0.0];
        values.resize(16, 0.0);
        for isa in Isa::available() {
            let [exp, sigmoid, tanh] = found(isa, &values);
            assert_eq!(exp[..4], [f32::INFINITY, 0.0, f32::INFINITY, 0.0], "{isa:?}");
            assert_eq!(sigmoid[..4], [1.0, 0.0, 1.0, 0.0], "{isa:?}");
            assert_eq!(tanh[..4], [1.0, -1.0, 1.0, -1.0], "{isa:?}");
            assert_eq!([exp[6], sigmoid[6], tanh[6]], [1.0, 0.5, 0.0], "{isa:?}");
            for found in [exp, sigmoid, tanh] {
                assert!(found[4..6].iter().all(|value| value.is_nan()), "{isa:?}: {found:?}");
            }
        }
    }
}
