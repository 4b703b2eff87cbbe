import { expect, it } from 'vitest';
import { largestConfusion, nextCell, placesOf, wrongIn } from './confusion';

const COUNTS = [
  [5, 0, 2],
  [0, 7, 0],
  [3, 0, 0],
];

it('the largest confusion lies off the diagonal', () => {
  expect(largestConfusion(COUNTS)).toMatchObject({ label: 2, choice: 0, size: 3 });
  expect(largestConfusion([[4]])).toBeNull();
  expect(wrongIn(COUNTS)).toBe(5);
});

it('a cell’s digits are those with its label and its choice', () => {
  expect(placesOf(Uint8Array.of(1, 2, 1, 1), Uint8Array.of(0, 0, 0, 1), { label: 0, choice: 1 })).toEqual([
    0, 2,
  ]);
});

it('arrow keys go to the next cell that has digits', () => {
  const from = { label: 0, choice: 0 };
  expect(nextCell(COUNTS, from, 'ArrowRight')).toEqual({ label: 0, choice: 2 });
  expect(nextCell(COUNTS, from, 'ArrowDown')).toEqual({ label: 2, choice: 0 });
  expect(nextCell(COUNTS, from, 'ArrowUp')).toBeNull();
  expect(nextCell(COUNTS, from, 'End')).toMatchObject({ label: 2, choice: 0 });
  expect(nextCell(COUNTS, from, 'x')).toBeNull();
});
