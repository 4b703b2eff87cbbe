import { expect, test } from 'vitest';
import { accuracyAxis, logAxis, logTicks, lossAxis, termAxis, thinned } from './axes';

test('the accuracy axis shows every point and moves in few steps', () => {
  expect(accuracyAxis([])).toEqual([80, 100]);
  expect(accuracyAxis([85, 96])).toEqual([80, 100]);
  expect(accuracyAxis([80.5])).toEqual([60, 100]);
  expect(accuracyAxis([96, 99.3])).toEqual([95, 100]);
  expect(accuracyAxis([0])).toEqual([0, 100]);
});

test('the loss axis begins at 0 and ends above the largest finite value', () => {
  expect(lossAxis([])).toEqual([0, 1]);
  expect(lossAxis([0.3, 2.3])).toEqual([0, 2.5]);
  expect(lossAxis([Number.NaN, 0.4])).toEqual([0, 1]);
  expect(lossAxis([12])).toEqual([0, 15]);
});

test('thinning keeps the mean and the last epoch of each group', () => {
  const points = [1, 2, 3, 4].map((epoch) => ({ epoch, loss: epoch * 10 }));
  expect(thinned(points, 2, (point) => point.loss)).toEqual([
    { epoch: 2, value: 15 },
    { epoch: 4, value: 35 },
  ]);
  expect(thinned(points, 9, (point) => point.loss)).toHaveLength(4);
});

test('the axis of a term fits its size, small or large', () => {
  expect(termAxis([])).toEqual([0, 1]);
  expect(termAxis([0.013, 0.004])[1]).toBeCloseTo(0.02, 12);
  expect(termAxis([31])).toEqual([0, 50]);
  expect(termAxis([60, Number.NaN])).toEqual([0, 100]);
});

test('a loss that was not worked out for a while leaves a gap in its line, and no dent beside it', () => {
  const losses = [0.4, 0.2, Number.NaN, Number.NaN, Number.NaN, 0.1];
  const points = losses.map((loss, i) => ({ epoch: i + 1, loss }));
  const [first, second, third] = thinned(points, 3, (point) => point.loss).map(({ value }) => value);
  expect(first).toBeCloseTo(0.3, 12);
  expect(second).toBeNaN();
  expect(third).toBe(0.1);
});

test('a logarithmic axis goes from one round value to another, with room for a single one', () => {
  expect(logAxis([90, 4_400])).toEqual([50, 5_000]);
  expect(logAxis([100])).toEqual([50, 200]);
  expect(logAxis([0.2, 7])).toEqual([0.1, 10]);
  expect(logAxis([98, 12_000])).toEqual([50, 20_000]);
});

test('marks of a logarithmic axis are round and as many as there is room for', () => {
  expect(logTicks([50, 500], 8)).toEqual([50, 100, 200, 500]);
  expect(logTicks([50, 5_000], 5)).toEqual([100, 300, 1_000, 3_000]);
  expect(logTicks([0.1, 1_000], 6)).toEqual([0.1, 1, 10, 100, 1_000]);
  expect(logTicks([0.1, 1_000], 3)).toEqual([0.1, 10, 1_000]);
});
