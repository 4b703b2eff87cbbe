import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { applyChanges, formatHash, parseHash } from './hash';
import { DEFAULT_VIEW } from './view';

const config = {
  version: 1,
  seed: 1,
  transfer_set: { digits: 10_000, leave_out: [], jitter_px: 0 },
  training: { epochs: 10, batch_size: 128, learning_rate: { cosine: { from: 0.003, to: 0 } } },
  models: {
    teacher: { net: { cnn: {} }, init: { pretrained: 'mnist-cnn' } },
    student: {
      net: { mlp: { hidden: [30, 30] } },
      learns_from: [{ model: 'teacher' }],
      objective: { hard_weight: 0.1, temperature: 4 },
    },
  },
} as unknown as Config;
const recipe = { name: 'first-race', config };

/** Writes a setting to a hash, reads that back and gives the config it describes. */
function thereAndBack(changed: Config): Config {
  const hash = formatHash(recipe, true, changed, DEFAULT_VIEW);
  return applyChanges(config, parseHash(hash).changes).config;
}

test('a setting equal to the default recipe leaves no trace in the URL', () => {
  expect(formatHash(recipe, true, config, DEFAULT_VIEW)).toBe('');
  expect(formatHash(recipe, false, config, DEFAULT_VIEW)).toBe('#recipe=first-race');
});

test('the hash holds what differs from the recipe, readable, and nothing else', () => {
  const changed = structuredClone(config);
  changed.seed = 3;
  Object.assign(changed.models.student!.objective!, { temperature: 8 });
  expect(formatHash(recipe, true, changed, { ...DEFAULT_VIEW, temperature: 2.5 })).toBe(
    '#recipe=first-race&seed=3&models.student.objective.temperature=8&view.t=2.5',
  );
});

test('numbers, lists, words, removed and added fields come back as they were', () => {
  const changed = structuredClone(config) as unknown as Record<string, never>;
  Object.assign(changed, {
    seed: 4_294_967_295,
    transfer_set: { digits: 500, leave_out: [3, 7], jitter_px: 0 },
    training: { epochs: 1, batch_size: 128, learning_rate: 0.01, early_stop: 2 },
    models: {
      student: { net: { same_as: 'true' }, init: { pretrained: '12' } },
      'new & strange=name': { net: { mlp: { hidden: [] } } },
    },
  });
  expect(thereAndBack(changed as unknown as Config)).toEqual(changed);
});

test('every part of the view comes back as it was', () => {
  const view = {
    temperature: 1.15,
    logAxis: true,
    digit: 247,
    sort: 'order',
    engine: 'webgpu',
    locale: 'zh',
    theme: 'dark',
  } as const;
  const parsed = parseHash(formatHash(recipe, true, config, view));
  expect(parsed.view).toEqual(view);
  expect(parsed.refused).toEqual([]);
});

test('a bad view setting is refused by name and the others are taken', () => {
  const { view, refused } = parseHash(
    '#view.t=99&view.log=true&view.sort=sideways&view.colour=red&view.digit=1.5',
  );
  expect(view).toEqual({ ...DEFAULT_VIEW, logAxis: true });
  expect(refused.map(({ path, value }) => [path, value])).toEqual([
    ['view.t', '99'],
    ['view.sort', 'sideways'],
    ['view.colour', 'red'],
    ['view.digit', '1.5'],
  ]);
  expect(refused[0]?.allowed).toBe('1 … 20');
});

test('what no hash should hold does no harm', () => {
  const parsed = parseHash('#&&=&%E0%A4%A&__proto__.polluted=1&models.constructor.x=1&seed=NaN');
  const { refused } = applyChanges(config, parsed.changes);
  expect(refused.map(({ path }) => path)).toEqual(['', '__proto__.polluted', 'models.constructor.x']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
