import { expect, test } from 'vitest';
import type { Cell } from '../engine/generated/types';
import { SweepPace } from './sweep-pace';

const cell = (work: number): Cell => ({ name: {}, config: {}, work }) as unknown as Cell;

test('the first cell that says how long it takes tells of all, each by its work', () => {
  const pace = new SweepPace();
  const cells = [cell(1), cell(10), cell(100)];
  expect(pace.remainingMs(cells, 1)).toBeNull();
  pace.note(cells[0] as Cell, 50, null);
  expect(pace.remainingMs(cells, 1)).toBeNull();
  pace.note(cells[0] as Cell, 100, 900);
  expect(pace.remainingMs(cells, 1)).toBe(900 + 10_000 + 100_000);
});

test('engines share the cells, and the longest is waited for', () => {
  const pace = new SweepPace();
  const even = [cell(1), cell(1), cell(1), cell(1)];
  pace.note(even[0] as Cell, 0, 1000);
  expect(pace.remainingMs(even, 2)).toBe(2000);
  const uneven = [even[0] as Cell, cell(9)];
  expect(pace.remainingMs(uneven, 2)).toBe(9000);
});

test('what is left falls as time goes by, and is nothing at the end', () => {
  const pace = new SweepPace();
  const cells = Array.from({ length: 5 }, () => cell(7));
  let before = Number.POSITIVE_INFINITY;
  for (const one of cells) {
    for (const ms of [250, 500, 750]) {
      pace.note(one, ms, 1000 - ms);
      const left = pace.remainingMs(cells, 1) ?? Number.NaN;
      expect(before - left).toBeGreaterThanOrEqual(250);
      before = left;
    }
    pace.end(one, 1000);
  }
  expect(pace.remainingMs(cells, 1)).toBe(0);
});

test('a sweep that was stopped begins its open cells anew and still knows what the others took', () => {
  const pace = new SweepPace();
  const cells = [cell(1), cell(1), cell(2)];
  pace.end(cells[0] as Cell, 400);
  pace.note(cells[1] as Cell, 390, 10);
  pace.interrupt();
  expect(pace.remainingMs(cells, 1)).toBe(400 + 800);
});
