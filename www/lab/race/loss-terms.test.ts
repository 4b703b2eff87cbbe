import { expect, test } from 'vitest';
import type { Model } from '../../engine/generated/types';
import type { LossPoint } from '../../state/run.svelte';
import { termLines } from './loss-terms';

const point = (epoch: number, hard: number | null, soft: number | null, total: number | null): LossPoint => ({
  epoch,
  hard,
  soft,
  total,
  imitated: [soft],
});
const model = {
  objective: { imitates: [{ by: 'hint', layers: [], weight: 1 }] },
} as unknown as Model;

test('a term that was not worked out leaves a gap, and is not shown as 0', () => {
  const points = [point(1, 2.3, null, 2.3), point(2, null, 1.2, 1.2), point(3, null, 1.1, null)];
  const { outputs, imitated, total } = termLines(points, model, 'student');
  const values = (line: (typeof outputs)[number]): number[] => line.points.map(({ value }) => value);
  expect(outputs.map(({ key, latest }) => [key, latest])).toEqual([
    ['hard', null],
    ['soft', 1.1],
  ]);
  expect(values(outputs[0]!)).toEqual([2.3, Number.NaN, Number.NaN]);
  expect(values(outputs[1]!)).toEqual([Number.NaN, 1.2, 1.1]);
  expect(values(imitated[0]!)).toEqual([Number.NaN, 1.2, 1.1]);
  expect(total[0]?.latest).toBeNull();
});

test('a term that is never worked out is no line', () => {
  expect(termLines([point(1, 2.3, null, 2.3)], model, 'student').outputs.map(({ key }) => key)).toEqual([
    'hard',
  ]);
});
