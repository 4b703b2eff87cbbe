//! The rectifier, for one value; loops of it become vectors.

/// `value` where it is above 0, 0 where it is not; what is no number stays none, so that it is found.
///
/// On its bits, as whole numbers, by one comparison: read so, −0, every number below it and −∞ are at most −∞, and NaN
/// of either sign is above it. `f32::max` would make 0 of NaN. A comparison of floats would keep it, but with that the
/// compiler may use relaxed SIMD's maximum, since the module has other such instructions: some machines' makes 0 of
/// NaN, and the module without relaxed SIMD would trap.
#[inline(always)]
pub fn relu(value: f32) -> f32 {
    const NEGATIVE_INFINITY: i32 = f32::NEG_INFINITY.to_bits().cast_signed();
    if value.to_bits().cast_signed() <= NEGATIVE_INFINITY { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::relu;

    #[test]
    fn a_rectifier_keeps_what_is_above_zero_and_what_is_no_number() {
        for value in [f32::MIN_POSITIVE, 1e-45, 1.0, f32::MAX, f32::INFINITY] {
            assert_eq!([relu(value), relu(-value)], [value, 0.0]);
        }
        assert_eq!([relu(0.0).to_bits(), relu(-0.0).to_bits()], [0, 0]);
        // Of either sign, quiet or signalling, whatever a machine makes of ∞ − ∞ or 0 · ∞.
        for bits in [0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0xff80_0001, 0xffff_ffff] {
            assert!(relu(f32::from_bits(bits)).is_nan(), "{bits:x}");
        }
    }
}
