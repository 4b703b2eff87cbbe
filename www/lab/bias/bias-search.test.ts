import { expect, test } from 'vitest';
import { CLASSES } from '../../model/softening';
import {
  bestShift,
  byFrequency,
  classesToMove,
  errorsWith,
  type Seen,
  shifted,
  UNMOVED,
} from './bias-search';

/** Digits whose logits are 0 but for these. */
function seen(...digits: [logits: Record<number, number>, label: number][]): Seen {
  const logits = new Float32Array(digits.length * CLASSES);
  for (const [i, [values]] of digits.entries())
    for (const [digit, value] of Object.entries(values)) logits[i * CLASSES + Number(digit)] = value;
  return { logits, labels: digits.map(([, label]) => label) };
}

// The cases of `src/cli/hinton.rs`, so that page and command line agree.
test('the shift that gets every digit right is found', () => {
  const digits = seen([{ 3: 1.5, 8: 4.25 }, 3], [{ 3: 1, 5: 4 }, 5]);
  expect([0, 27, 28, 30].map((tenths) => errorsWith(digits, shifted([3], tenths)).by)).toEqual([
    [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    UNMOVED,
    [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
  ]);
  expect(bestShift(digits, [3])).toBe(28);
  const lowered = seen([{ 7: 5, 8: 6, 2: 1 }, 2]);
  expect(bestShift(lowered, [7, 8])).toBe(-50);
  expect(bestShift(lowered, [7, 8], 49), 'no shift of the range helps').toBe(0);
});

test('of shifts that do as well the smallest is taken, and up before down', () => {
  expect(bestShift(seen([{ 4: 9 }, 4]), [3])).toBe(0);
  const either = seen([{ 3: 1, 9: 2 }, 3], [{ 3: 2, 1: 1 }, 1]);
  expect([0, 10, -10].map((tenths) => errorsWith(either, shifted([3], tenths)).all)).toEqual([2, 1, 1]);
  expect(bestShift(either, [3])).toBe(10);
});

test('errors are counted by class, with how many digits each has', () => {
  const digits = seen([{ 3: 5 }, 3], [{ 5: 5 }, 3], [{ 5: 5 }, 5]);
  const { all, by, of } = errorsWith(digits, UNMOVED);
  expect([all, by[3], of[3], by[5], of[5]]).toEqual([1, 1, 2, 0, 1]);
});

test('the fewer of missing and seen classes are moved', () => {
  expect(classesToMove([3])).toEqual([3]);
  expect(classesToMove([0, 1, 2, 3, 4, 5, 6, 9])).toEqual([7, 8]);
});

test('class frequency raises what the model expects too seldom, and looks at no label of a missing class', () => {
  // Of what was learnt 3 has 1 % each time, and is half of all digits.
  const logit = Math.log(0.01 / 0.99);
  const away = Object.fromEntries([0, 1, 2, 4, 6, 7, 8, 9].map((digit) => [digit, -50]));
  const one = { ...away, 3: logit, 5: 0 };
  const digits = seen([one, 5], [one, 5], [{ 3: 9 }, 3], [{ 8: 9 }, 3]);
  const biases = byFrequency(digits, [3]);
  expect(biases[3]).toBe(Math.round(10 * Math.log(0.5 / 0.01)));
  expect(biases[5]).toBe(Math.round(10 * Math.log(0.5 / 0.99)));
  expect(biases[0], 'a class that no digit has goes as far down as may be').toBe(-150);
});
