import { expect, it } from 'vitest';
import type { Config, Record as RunRecord } from '../engine/generated/types';
import { seedFigures } from './seed-figures';

const CONFIG = {
  models: {
    teacher: { init: { pretrained: 'mnist-cnn' } },
    student: { learns_from: [{ model: 'teacher' }] },
    control: {},
    regularised: {},
  },
} as unknown as Config;

type Pair = readonly [a: string, b: string, onlyA: number, onlyB: number, p: number];

function record(seed: number, errors: Readonly<Record<string, number>>, ...pairs: Pair[]): RunRecord {
  const models = Object.entries(errors).map(([name, count]) => [
    name,
    { epochs: [{ errors: count, evaluated: 500 }], stopped: null },
  ]);
  const comparisons = pairs.map(([a, b, only_a_wrong, only_b_wrong, p_value]) => ({
    ...{ a, b, only_a_wrong, only_b_wrong, p_value },
  }));
  return { config: { seed }, models: Object.fromEntries(models), comparisons } as unknown as RunRecord;
}

const RECORDS = [
  record(3, { teacher: 5, student: 24, control: 30 }, ['control', 'student', 8, 2, 0.04]),
  record(1, { teacher: 5, student: 20, control: 30 }, ['student', 'control', 1, 11, 0.01]),
  record(2, { teacher: 5, student: 22, control: 30 }, ['student', 'control', 1, 9, 0.02]),
];

it('tells each trained model seed by seed, and the student against the control whichever way round', () => {
  const { seeds, evaluated, models, duels } = seedFigures(CONFIG, RECORDS);
  expect([seeds, evaluated]).toEqual([[1, 2, 3], 500]);
  expect(models.map(({ model, errors }) => [model, errors])).toEqual([
    ['student', [20, 22, 24]],
    ['control', [30, 30, 30]],
    ['regularised', [null, null, null]],
  ]);
  expect(models[0]).toMatchObject({ role: 'student', spread: { mean: 22, deviation: 2 } });
  // 4.302653 · 2 / √3
  expect(models[0]!.interval![1] - 22).toBeCloseTo(4.96828, 4);
  // A control that no seed compares is no opponent.
  expect(duels).toHaveLength(1);
  expect(duels[0]).toMatchObject({
    ...{ a: 'student', b: 'control', verdict: { kind: 'better', p: 0.02 } },
    ...{ gain: { mean: 8, deviation: 2 }, signFlip: 0.25 },
  });
  // t = 8 / (2 / √3) = 6.9282 at 2 degrees of freedom: 1 − t / √(2 + t²).
  expect(duels[0]!.pairedT).toBeCloseTo(1 - 6.9282 / Math.sqrt(50), 5);
});

it('leaves out a model that an error stopped, and whoever it is compared with', () => {
  const broken = record(4, { student: 500, control: 30 });
  (broken.models.student as { stopped: string }).stopped = 'loss_not_finite';
  const { models, duels } = seedFigures(CONFIG, [...RECORDS, broken]);
  expect(models[0]!.errors).toEqual([20, 22, 24, null]);
  expect(duels[0]!.pairs.at(-1)).toBeNull();
  expect(duels[0]!.gain.mean).toBe(8);
});

it('sets a student beside its teacher where there is no control', () => {
  const models = { teacher: {}, student: { learns_from: [{ model: 'teacher' }] } };
  const { duels } = seedFigures({ models } as unknown as Config, [
    record(1, { teacher: 5, student: 20 }, ['student', 'teacher', 16, 1, 0.0001]),
  ]);
  expect(duels[0]).toMatchObject({
    b: 'teacher',
    verdict: { kind: 'worse' },
    pairedT: null,
    seedsNeeded: null,
  });
});
