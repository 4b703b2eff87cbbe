import { expect, test } from 'vitest';
import { isConstant, valueAt } from './schedule';

// The cases of `ramps_pass_through_what_they_are_made_of` in src/distill/schedule.rs.
test('ramps pass through what they are made of', () => {
  const linear = { linear: { from: 1, to: 3 } };
  expect([0, 0.25, 1].map((progress) => valueAt(linear, progress))).toEqual([1, 1.5, 3]);
  // Rounding of a cosine in doubles: 1e-16, with room.
  expect(valueAt({ cosine: { from: 4, to: 0 } }, 0.25)).toBeCloseTo(2 + Math.sqrt(2), 12);
  const step = { step: { from: 5, to: 2, at: 0.5 } };
  expect([0.49, 0.5].map((progress) => valueAt(step, progress))).toEqual([5, 2]);
  const points = [
    { at: 0.2, value: 1 },
    { at: 0.4, value: 3 },
    { at: 0.4, value: 8 },
    { at: 0.9, value: 0 },
  ];
  const values = [0, 0.3, 0.4, 1].map((progress) => valueAt({ points }, progress));
  expect(values[1]).toBeCloseTo(2, 12);
  expect([values[0], values[2], values[3]]).toEqual([1, 8, 0]);
});

test('a number is constant, and so is a ramp that goes nowhere', () => {
  expect(valueAt(4, 0.7)).toBe(4);
  expect([4, { linear: { from: 2, to: 2 } }, { points: [{ at: 0, value: 1 }] }].map(isConstant)).toEqual([
    true,
    true,
    true,
  ]);
  expect(isConstant({ step: { from: 2, to: 1, at: 0.5 } })).toBe(false);
  expect(
    isConstant({
      points: [
        { at: 0, value: 1 },
        { at: 1, value: 0 },
      ],
    }),
  ).toBe(false);
});
