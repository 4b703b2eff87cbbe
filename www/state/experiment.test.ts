import { expect, test } from 'vitest';
import type { EngineClient } from '../engine/client';
import type { Config, Problem, Recipe } from '../engine/generated/types';
import { whileWanted } from '../engine/wanted';
import { getAt, type Json } from '../model/paths';
import { Experiment } from './experiment.svelte';

const recipe = (name: string, epochs: number): Recipe =>
  ({
    name,
    config: {
      version: 1,
      seed: 1,
      transfer_set: { digits: 1000 },
      training: { epochs, batch_size: 128 },
      models: { student: { net: { mlp: { hidden: [30] } } } },
    } as unknown as Config,
  }) as unknown as Recipe;

const RECIPES = [recipe('first-race', 10), recipe('teaching-assistant', 5)];

/** A lab that wants a whole seed and whole epochs from 1 on; `delayMs`: how long each answer takes. */
function lab(delaysMs: number[] = []): EngineClient {
  const api = {
    recipes: async () => RECIPES,
    complete: async (config: Config) => config,
    costs: async ({ seed }: Config) => ({ student: { weights: seed, bytes: 0, multiply_adds: 0 } }),
    validate: async (config: Config): Promise<Problem[]> => {
      await new Promise((resolve) => setTimeout(resolve, delaysMs.shift() ?? 0));
      return ['seed', 'training.epochs'].flatMap((path) => {
        const value = getAt(config as unknown as Json, path);
        if (Number.isInteger(value) && (value as number) >= 1) return [];
        return [
          { path, value: JSON.stringify(value), allowed: 'whole numbers from 1' },
        ] as unknown as Problem[];
      });
    },
  };
  const call = (ask: (of: typeof api) => Promise<unknown>, wanted?: AbortSignal): Promise<unknown> =>
    wanted ? whileWanted(wanted, ask(api)) : ask(api);
  return { call } as unknown as EngineClient;
}

async function opened(hash: string) {
  const experiment = new Experiment(lab());
  const refused = await experiment.open(hash);
  const named = refused.map(({ path, value, because }) => [path, value, because]);
  return { experiment, named };
}

test('#recipe=first-race&seed=abc&seed=abd: both are named, and the race can start', async () => {
  const { experiment, named } = await opened('#recipe=first-race&seed=abc&seed=abd');
  expect(named).toEqual([
    ['seed', 'abc', 'said_again'],
    ['seed', '"abd"', 'not_allowed'],
  ]);
  expect(experiment.config?.seed).toBe(1);
  expect(experiment.isRunnable).toBe(true);
});

test('#first-race, or another recipe as a word alone, is that recipe, in capitals too', async () => {
  for (const hash of [
    '#teaching-assistant',
    '#Teaching-Assistant).',
    '#recipe=TEACHING-ASSISTANT',
    '#/teaching-assistant',
  ]) {
    const { experiment, named } = await opened(hash);
    expect([experiment.recipe?.name, named]).toEqual(['teaching-assistant', []]);
  }
});

test('every part that is dropped is named', async () => {
  const { experiment, named } = await opened(
    '#second-race&recipe=nobody&nonsense=1&nonsense=&training.nonsense.deeper=[2]&__proto__.x=1&constructor=2&seed=7&=5',
  );
  expect(named).toEqual([
    ['nonsense', '1', 'said_again'],
    ['recipe', 'nobody', 'not_allowed'],
    ['second-race', '', 'unknown'],
    ['nonsense', '', 'unknown'],
    ['training.nonsense.deeper', '[2]', 'unknown'],
    ['__proto__.x', '1', 'unknown'],
    ['constructor', '2', 'unknown'],
    ['', '5', 'unknown'],
  ]);
  expect(experiment.config?.seed).toBe(7);
});

test('a model called constructor is a model', async () => {
  const { experiment, named } = await opened('#models.constructor={"net":{"same_as":"student"}}');
  expect(named).toEqual([]);
  expect(Object.keys(experiment.config?.models ?? {})).toEqual(['student', 'constructor']);
});

test('“Epochs” emptied: no race can start until it is filled, and another recipe lets go of it', async () => {
  const { experiment } = await opened('');
  experiment.markUnreadable('training.epochs', '');
  expect(experiment.isRunnable).toBe(false);
  expect(experiment.isChanged).toBe(true);
  experiment.set('training.epochs', 3);
  expect(experiment.isRunnable).toBe(true);
  for (const leave of [
    () => experiment.choose('teaching-assistant'),
    () => experiment.takeHash('#seed=4'),
    () => experiment.take(RECIPES[0]!.config),
    () => experiment.forgetUnreadable(),
  ]) {
    experiment.markUnreadable('training.epochs', '');
    await leave();
    expect(experiment.isRunnable).toBe(true);
  }
});

test('a value that is not allowed goes with its recipe', async () => {
  const { experiment } = await opened('');
  experiment.set('training.epochs', -1);
  await experiment.settled();
  expect(experiment.isRunnable).toBe(false);
  experiment.choose('first-race');
  expect(experiment.isRunnable).toBe(true);
});

test('of two links that come at once the later one counts, however long the earlier takes', async () => {
  const experiment = new Experiment(lab([0, 30, 0]));
  await experiment.open('');
  const earlier = experiment.takeHash('#seed=2');
  await Promise.all([
    expect(earlier).rejects.toMatchObject({ code: 'overtaken' }),
    experiment.takeHash('#seed=3'),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(experiment.config?.seed).toBe(3);
});
