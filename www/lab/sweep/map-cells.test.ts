import { expect, it } from 'vitest';
import type { Cell, Record as RunRecord } from '../../engine/generated/types';
import { sweepMap } from './map-cells';

const cell = (t: number, width: number, seed: number): Cell =>
  ({ name: { t, width: [width], seed }, config: {}, work: 1 }) as unknown as Cell;
const CELLS = [4, 8].flatMap((t) => [16, 32].flatMap((width) => [1, 2].map((seed) => cell(t, width, seed))));

/** A line of a cell whose student gets so many digits wrong, from the first on. */
function line(t: number, width: number, seed: number, errors: number, evaluated = 500) {
  const wrong = Array.from({ length: errors }, (_, index) => index);
  const student = { epochs: [{ errors }], wrong, stopped: null };
  const record = { config: { data: { evaluated } }, models: { student } } as unknown as RunRecord;
  return { cell: cell(t, width, seed).name, record };
}

const FIRST = [line(4, 16, 1, 30), line(4, 32, 1, 20), line(8, 16, 1, 23), line(8, 32, 1, 60)];

it('has a cell for each pair of values, and marks what is not told apart from the best', () => {
  const map = sweepMap(CELLS, FIRST, 'student')!;
  expect([map.columns, map.rows, map.seeds]).toEqual([['4', '8'], ['16', '32'], 1]);
  expect(map.cells.map(({ column, row, values, standing }) => [column, row, values, standing])).toEqual([
    // Ten digits only the one gets wrong, none only the other: 2 / 2^10. Of three: 2 / 2^3.
    ['4', '16', [30], 'apart'],
    ['4', '32', [20], 'best'],
    ['8', '16', [23], 'even'],
    ['8', '32', [60], 'apart'],
  ]);
  expect(map.cells[2]?.p).toBeCloseTo(0.25, 12);
});

it('chooses by the seeds that every cell has, in whatever order they came', () => {
  const map = sweepMap(CELLS, [line(4, 16, 2, 1), ...FIRST], 'student')!;
  expect(map.seeds).toBe(1);
  expect(map.cells[0]).toMatchObject({ values: [30, 1], spread: { mean: 15.5 }, standing: 'apart' });
  expect(map.cells[1]?.standing).toBe('best');
});

it('says nothing of a cell without a race, nor of one that was measured on other digits', () => {
  const map = sweepMap(CELLS, [FIRST[1]!, line(8, 16, 1, 200, 1000)], 'student')!;
  expect(map.cells.map(({ standing }) => standing)).toEqual(['unknown', 'best', 'unknown', 'unknown']);
  expect(sweepMap(CELLS, [], 'student')?.seeds).toBe(0);
  expect(sweepMap([], [], 'student')).toBeNull();
});

/** A line whose student makes so many errors and its control so many. */
function pair(t: number, width: number, seed: number, student: number, control: number, evaluated = 500) {
  const model = (errors: number) => ({ epochs: [{ errors }], wrong: [], stopped: null });
  const models = { student: model(student), control: model(control) };
  const record = { config: { data: { evaluated } }, models } as unknown as RunRecord;
  return { cell: cell(t, width, seed).name, record };
}

it('shows how many fewer errors than the control, and tells cells apart by the differences of the same seeds', () => {
  const lines = [
    ...[pair(4, 16, 1, 30, 50), pair(4, 16, 2, 32, 54)],
    // Two seeds less than the best by 10 and 10.2: no chance. By 1 and 9: t = 1.25 of one degree of freedom, p = 0.43.
    ...[pair(4, 32, 1, 40, 50), pair(4, 32, 2, 42, 53.8)],
    ...[pair(8, 16, 1, 30, 49), pair(8, 16, 2, 40, 53)],
    ...[pair(8, 32, 1, 60, 50), pair(8, 32, 2, 70, 50)],
  ];
  const { cells } = sweepMap(CELLS, lines, 'student', 'control')!;
  expect(cells.map(({ values }) => values.map((value) => Math.round(value * 10) / 10))).toEqual([
    [20, 22],
    [10, 11.8],
    [19, 13],
    [-10, -20],
  ]);
  expect(cells.map(({ standing }) => standing)).toEqual(['best', 'apart', 'even', 'even']);
  expect(cells[2]?.p).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(5 / 4), 9);
  expect(cells[0]?.spread).toEqual({ mean: 21, deviation: Math.SQRT2 });
});

it('of a single seed says which gain is the largest, and no more; of a model that stopped nothing', () => {
  const lines = [pair(4, 16, 1, 30, 50), pair(4, 32, 1, 20, 50)];
  const { cells } = sweepMap(CELLS, lines, 'student', 'control')!;
  expect(cells.map(({ standing }) => standing)).toEqual(['unknown', 'best', 'unknown', 'unknown']);
  const without = sweepMap(CELLS, FIRST, 'student', 'control')!;
  expect(without.cells.every(({ values }) => values.length === 0)).toBe(true);
});
