import { expect, test } from 'vitest';
import type { Config, ModelCost } from '../engine/generated/types';
import { frontier, placed, shelfModels, sizeOf, twinOf, waysOf } from './shelf';

const derived = (by: unknown = 'copy', frozen = true) => ({ derive: { from: 'dense', by, frozen } });
const same = { net: { same_as: 'dense' } };
const taught = { learns_from: [{ model: 'dense', weight: 1 }], objective: { hard_weight: 0.1 } };
const eight = { quantise: { bits: 8 } };
const pruned = { prune: { kept: 0.1, by: 'magnitude' } };

const CONFIG = {
  training: { epochs: 2 },
  transfer_set: { digits: 500 },
  models: {
    dense: { net: { mlp: { hidden: [20] } } },
    eight: { ...same, init: derived(), compress: [eight] },
    again: { ...same, init: { derive: { from: 'eight', by: 'copy', frozen: true } }, compress: [pruned] },
    held: { ...same, init: derived('copy', false), compress: [pruned] },
    heard: { ...same, ...taught, init: derived('copy', false), compress: [pruned] },
    short: { ...same, ...taught, init: derived('copy', false), compress: [pruned], training: { epochs: 1 } },
    narrow: { net: { mlp: { hidden: [8] } }, init: derived('strongest_units', false) },
    some: { net: { mlp: { hidden: [20] } }, init: derived({ copy_layers: { layers: [0] } }, false) },
    thinner: { ...same, init: { derive: { from: 'narrow', by: 'copy', frozen: false } } },
    rank: { net: { mlp: { hidden: [20], rank: 3 } }, init: derived('factorise', false) },
    one: { net: { vit: { shared: true } } },
    student: { net: { mlp: { hidden: [9] } }, ...taught },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
    three: { ...same, compress: [{ ternarise: {} }, pruned] },
    copied: { ...same, init: { derive: { from: 'heard', by: 'copy', frozen: true } }, compress: [eight] },
    alike: { ...same, init: { derive: { from: 'held', by: 'copy', frozen: true } }, compress: [eight] },
  },
} as unknown as Config;

const cost = (weights: number, stored: ModelCost['stored'] = null): ModelCost => ({
  ...{ weights, bytes: 4 * weights, multiply_adds: weights, microseconds_a_digit: null },
  stored,
});

const measured = (errors: number) => ({ errors, evaluated: 500, errors_interval: [0, 1] });

test('a model is known by the ways it was made small, those of what it is a copy of with them, as far as it keeps them', () => {
  const ways = Object.fromEntries(Object.keys(CONFIG.models).map((name) => [name, waysOf(CONFIG, name)]));
  expect(ways).toEqual({
    ...{ thinner: ['narrowed'], rank: ['thin'], one: ['shared'] },
    ...{ dense: [], student: [], control: [], eight: ['quantised'], again: ['quantised', 'pruned'] },
    ...{
      held: ['pruned'],
      heard: ['pruned'],
      short: ['pruned'],
      narrow: ['narrowed'],
      some: ['copied_layers'],
    },
    ...{ three: ['ternary', 'pruned'], copied: ['pruned', 'quantised'], alike: ['pruned', 'quantised'] },
  });
});

test('a twin is the same model without a teacher, and a model of another training is none', () => {
  const twins = Object.keys(CONFIG.models).map((name) => [name, twinOf(CONFIG, name)]);
  expect(twins.filter(([, twin]) => twin !== null)).toEqual([
    ['heard', 'held'],
    ['student', 'control'],
    ['copied', 'alike'],
  ]);
});

test('a circle of models that are made from one another ends', () => {
  const loop = (from: string) => ({ ...same, init: { derive: { from, by: 'copy', frozen: true } } });
  const config = { models: { a: loop('b'), b: loop('a') } } as unknown as Config;
  expect([waysOf(config, 'a'), twinOf(config, 'a'), waysOf(config, 'constructor')]).toEqual([[], null, []]);
});

test('the shelf has the measured models alone, each with its making, its source and its twin', () => {
  const costs = { dense: cost(100), heard: cost(100), three: cost(100), control: cost(50) };
  const models = shelfModels(CONFIG, costs, (name) => (name === 'control' ? null : measured(name.length)));
  expect(
    models.map(({ name, making, isTaught, source, twin, role, errors }) => [
      ...[name, making, isTaught, source, twin, role, errors],
    ]),
  ).toEqual([
    ['dense', 'own', false, null, null, 'teacher', 5],
    ['heard', 'pruned', true, 'dense', 'held', 'student', 5],
    ['three', 'several', false, null, null, 'control', 5],
  ]);
  expect(shelfModels(null, costs, () => measured(1))).toEqual([]);
});

test('a size is that of the file once it is known, and none where nothing was timed', () => {
  const stored = { file_bytes: 70, nonzero: 20, effective_multiply_adds: 18 };
  const sizes = (of: ModelCost) =>
    (['bytes', 'multiply_adds', 'effective', 'microseconds'] as const).map((measure) => sizeOf(of, measure));
  expect(sizes(cost(100))).toEqual([400, 100, 100, null]);
  expect(sizes({ ...cost(100, stored), microseconds_a_digit: 2.5 })).toEqual([70, 100, 18, 2.5]);
});

test('the frontier has whoever nobody beats, whatever the order they come in', () => {
  const of = (name: string, weights: number, errors: number) => ({
    name,
    ...measured(errors),
    cost: cost(weights),
  });
  const models = [
    of('large', 100, 10),
    of('worse', 60, 40),
    of('same', 50, 30),
    of('small', 10, 80),
    of('best', 50, 20),
  ];
  const marks = placed(models as unknown as Parameters<typeof placed>[0], 'bytes');
  expect(marks.map(({ model }) => model.name)).toEqual(['small', 'best', 'same', 'worse', 'large']);
  expect(frontier(marks).map(({ model, size }) => [model.name, size])).toEqual([
    ['small', 40],
    ['best', 200],
    ['large', 400],
  ]);
  expect(placed(models as unknown as Parameters<typeof placed>[0], 'microseconds')).toEqual([]);
});
