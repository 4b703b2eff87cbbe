import { expect, test } from 'vitest';
import type { Config, Recipe } from '../engine/generated/types';
import { configDifference, recipeOf } from './config-difference';

const config = (seed: number, epochs: number, more: object = {}): Config =>
  ({
    version: 1,
    seed,
    training: { epochs },
    models: { student: { net: {}, ...more } },
  }) as unknown as Config;
const recipe = (name: string, of: Config): Recipe => ({ name, config: of }) as unknown as Recipe;

test('a difference has what stood there and what stands there, who learns first, the seed last', () => {
  const to = config(7, 3, { compress: [1] });
  expect(configDifference(config(1, 10), to)).toEqual([
    { path: 'models.student.compress', from: undefined, to: [1] },
    { path: 'training.epochs', from: 10, to: 3 },
    { path: 'seed', from: 1, to: 7 },
  ]);
  expect(configDifference(to, to)).toEqual([]);
});

test('a run comes from the recipe that it names, else from the one that differs least', () => {
  const recipes = [recipe('far', config(1, 10, { a: 1, b: 2 })), recipe('near', config(1, 10))];
  const run = { config: config(2, 10), recipe: null };
  expect(recipeOf(run, recipes)?.name).toBe('near');
  expect(recipeOf({ ...run, recipe: 'far' }, recipes)?.name).toBe('far');
  expect(recipeOf({ ...run, recipe: 'gone since' }, recipes)?.name).toBe('near');
  expect(recipeOf(run, [])).toBeNull();
});
