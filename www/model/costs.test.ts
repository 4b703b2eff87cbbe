import { expect, test } from 'vitest';
import { fileBytes, shareOfLargest, untimed } from './costs';

const cost = (weights: number) => ({ weights, bytes: 4 * weights, multiply_adds: weights });

test('a bar is a model’s share of the largest, and what is unknown has none', () => {
  const costs = untimed({ teacher: cost(400), student: cost(100) });
  expect(costs.student).toEqual({ ...cost(100), microseconds_a_digit: null, stored: null });
  expect(['teacher', 'student', 'constructor'].map((name) => shareOfLargest(costs, name))).toEqual([
    1, 0.25, 0,
  ]);
  expect(shareOfLargest({}, 'student')).toBe(0);
});

test('the bytes of a file are those it is stored in, and four a weight before that is known', () => {
  const stored = { file_bytes: 90, nonzero: 20, effective_multiply_adds: 20 };
  expect([null, stored].map((known) => fileBytes({ ...cost(100), stored: known }))).toEqual([400, 90]);
});
