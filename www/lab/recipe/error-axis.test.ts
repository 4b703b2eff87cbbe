import { expect, test } from 'vitest';
import { errorAxis } from './error-axis';

const CASES: readonly (readonly number[])[] = [
  [216, 220, 427, 301],
  [312, 300, 1412, 1313],
  [7142, 8691, 8832],
  [19, 9000],
  [300],
  [300, 301],
  [0, 3],
  [0, 0],
];

test('every number of errors lies within the axis, in its order', () => {
  for (const errors of CASES) {
    const { at } = errorAxis(errors);
    const places = [...errors].sort((a, b) => a - b).map(at);
    expect(places.every((place) => place > 0 && place < 1)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  }
});

test('there are one to five ticks, whole numbers on the axis', () => {
  for (const errors of CASES) {
    const { ticks, at } = errorAxis(errors);
    expect(ticks.length, `${errors}`).toBeGreaterThanOrEqual(1);
    expect(ticks.length, `${errors}`).toBeLessThanOrEqual(5);
    for (const tick of ticks) {
      expect(Number.isInteger(tick)).toBe(true);
      expect(at(tick)).toBeGreaterThanOrEqual(0);
      expect(at(tick)).toBeLessThanOrEqual(1);
    }
  }
});

test('errors that lie far apart stand on powers of ten, so that equal ratios are equal lengths', () => {
  const { isLogarithmic, at } = errorAxis([20, 2000]);
  expect(isLogarithmic).toBe(true);
  expect(at(200) - at(20)).toBeCloseTo(at(2000) - at(200), 9);
  expect(errorAxis([300, 427]).isLogarithmic).toBe(false);
});

test('seeds that agree to an error lie side by side', () => {
  const { at } = errorAxis([300, 301]);
  expect(at(301) - at(300)).toBeLessThan(0.1);
});
