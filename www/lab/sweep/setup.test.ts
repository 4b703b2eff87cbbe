import { expect, it, vi } from 'vitest';
import type { Config } from '../../engine/generated/types';
import type { PageStore } from '../../state/page-store';
import { presets } from './presets';
import { NOTHING, SweepSetup } from './setup.svelte';

const CONFIG = {
  transfer_set: { digits: 100 },
  training: { epochs: 2, batch_size: 10, learning_rate: 0.01 },
  models: {
    student: {
      net: { mlp: { hidden: [30] } },
      learns_from: [{ model: 'teacher' }],
      objective: { temperature: 4, hard_weight: 0.1 },
    },
  },
} as unknown as Config;
const TEMPERATURE = 'models.student.objective.temperature';

vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
const setupOf = (config: Config) => new SweepSetup({ experiment: { config } } as unknown as PageStore);

it('begins with the most telling field, and sweeps seeds alone where nothing is chosen', () => {
  const setup = setupOf(CONFIG);
  expect(setup.axes.map(({ field }) => field.path)).toEqual([TEMPERATURE]);
  expect(setup.races).toBe(15);
  setup.choose(0, NOTHING);
  expect(setup.grid()).toMatchObject({
    fields: {},
    seeds: 3,
    config: { data: { evaluate_on: 'validation' } },
  });
});

it('makes a map of two fields, never of one field twice', () => {
  const setup = setupOf(CONFIG);
  setup.choose(1, 'training.epochs');
  setup.type('training.epochs', '1, 2');
  expect(setup.grid()?.fields).toEqual({ [TEMPERATURE]: [1, 2, 4, 8, 16], 'training.epochs': [1, 2] });
  setup.choose(0, 'training.epochs');
  expect(setup.grid()?.fields).toEqual({ 'training.epochs': [1, 2] });
  setup.type('training.epochs', '1, many');
  expect([setup.races, setup.grid()]).toEqual([null, null]);
});

it('has each ready map whose fields the config has', () => {
  expect(presets(CONFIG).map(({ name }) => name)).toEqual(['width', 'weight', 'labels']);
  const alone = { ...CONFIG, models: { control: { net: { cnn: {} } } } } as unknown as Config;
  expect(presets(alone).map(({ name }) => name)).toEqual(['labels']);
  const setup = setupOf(CONFIG);
  setup.use(presets(CONFIG)[2]!);
  const grid = setup.grid();
  expect(Object.keys(grid!.fields!)).toEqual(['transfer_set.digits', 'transfer_set.unlabelled']);
  // A field that a config leaves out while it is 0 has to stand there to be swept.
  expect(grid!.config.transfer_set?.unlabelled).toBe(0.98);
});
