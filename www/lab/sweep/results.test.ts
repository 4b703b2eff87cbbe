import { describe, expect, it } from 'vitest';
import type { Config, Record as RunRecord } from '../../engine/generated/types';
import { trainedModels } from '../../model/seed-figures';
import type { SweepLine } from '../../state/sweep.svelte';
import { best, points, stoppedRaces, sweptValues } from './results';

const COST = { weights: 7, bytes: 28, multiply_adds: 5, microseconds_a_digit: null };
const PATH = 'models.student.objective.temperature';

function line(value: unknown, seed: number, errors: Readonly<Record<string, number>>): SweepLine {
  const models = Object.entries(errors).map(([name, count]) => [
    name,
    { epochs: [{ errors: 0 }, { errors: count }] },
  ]);
  return {
    cell: { [PATH]: value, seed },
    record: { models: Object.fromEntries(models), costs: { student: COST } } as unknown as RunRecord,
  };
}

// Seeds and values arrive in the order in which they are finished.
const LINES = [
  line(4, 2, { student: 20, control: 41 }),
  line(1, 1, { student: 30, control: 40 }),
  line(4, 1, { student: 10, control: 40 }),
];

describe('sweptValues', () => {
  it('has each combination once, in the order of the cells, and leaves seeds out', () => {
    const cells = [
      { name: { a: [16], b: 0.1, seed: 1 } },
      { name: { a: [16], b: 0.1, seed: 2 } },
      { name: { a: [8, 4], b: 0.1, seed: 1 } },
    ];
    expect(sweptValues(cells)).toEqual(['16 · 0.1', '8,4 · 0.1']);
  });
});

describe('points', () => {
  it('gathers the last errors of each model over the seeds, in the order of the values', () => {
    expect(points(LINES, ['1', '4', '8'], ['student', 'control'])).toEqual([
      { model: 'student', value: '1', errors: [30], mean: 30, cost: COST },
      { model: 'control', value: '1', errors: [40], mean: 40, cost: null },
      { model: 'student', value: '4', errors: [20, 10], mean: 15, cost: COST },
      { model: 'control', value: '4', errors: [41, 40], mean: 40.5, cost: null },
    ]);
  });
});

describe('best', () => {
  it('is the value with the fewest errors of that model', () => {
    const all = points(LINES, ['1', '4'], ['student', 'control']);
    expect(best(all, 'student')?.value).toBe('4');
    expect(best(all, 'control')?.value).toBe('1');
    expect(best([], 'student')).toBeNull();
  });
});

it('trains no shipped model', () => {
  const models = { teacher: { init: { pretrained: 'mnist-cnn' } }, student: {}, control: {} };
  expect(trainedModels({ models } as unknown as Config)).toEqual(['student', 'control']);
  expect(trainedModels(null)).toEqual([]);
});

describe('a model that stopped', () => {
  const stopped = line(4, 3, { student: 15, control: 9_020 });
  const models = stopped.record.models as unknown as Record<string, { stopped: string | null }>;
  models.control!.stopped = 'loss_not_finite';
  models.student!.stopped = 'patience_spent';

  it('is compared with nobody: its errors are in no mean, and the races are counted', () => {
    const found = points([...LINES, stopped], ['4'], ['student', 'control']);
    expect(found.map(({ model, errors }) => [model, errors])).toEqual([
      ['student', [20, 10, 15]],
      ['control', [41, 40]],
    ]);
    expect([...stoppedRaces([...LINES, stopped], ['student', 'control'])]).toEqual([['control', 1]]);
  });
});
