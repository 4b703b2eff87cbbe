import { expect, test } from 'vitest';
import { digitsApart, mcNemar } from './mcnemar';

test('McNemar’s exact test by hand, and for counts whose 2^−n is no double', () => {
  // 2 · (1 + 10) / 2^10
  expect(mcNemar(1, 9)).toBeCloseTo(22 / 1024, 14);
  expect(mcNemar(9, 1)).toBe(mcNemar(1, 9));
  expect(mcNemar(0, 0)).toBe(1);
  expect(mcNemar(5, 5)).toBe(1);
  // The normal approximation with continuity: z = 99 / √2000.
  expect(mcNemar(950, 1050)).toBeGreaterThan(0.025);
  expect(mcNemar(950, 1050)).toBeLessThan(0.029);
});

test('digits are parted into those that one alone gets wrong, and those that both do', () => {
  expect(digitsApart([1, 2, 3, 9], [2, 4])).toMatchObject({ onlyA: [1, 3, 9], onlyB: [4], both: 1 });
});
