import { expect, test } from 'vitest';
import type { Config, Recipe } from '../../engine/generated/types';
import { grouped, groupOf } from './recipe-groups';

/** Models have a perceptron where nothing else is said. */
function config(models: object, rest: object = {}): Config {
  const whole = Object.entries(models).map(([name, model]) => [name, { net: { mlp: {} }, ...model }]);
  return { models: Object.fromEntries(whole), ...rest } as unknown as Config;
}
const taught = (objective: object, ...teachers: string[]) => ({
  objective,
  learns_from: teachers.map((model) => ({ model })),
});

test('a recipe stands where its config belongs', () => {
  const found = [
    config({ t: {}, s: taught({}, 't'), c: {} }),
    config({ t: {}, s: taught({ temperature: { linear: { from: 8, to: 1 } } }, 't') }),
    config({ t: {}, s: taught({ ablation: 'confidence_only' }, 't') }),
    config({ t: {}, s: taught({ imitates: [{ by: 'hint', layers: [], weight: 1 }] }, 't') }),
    config({ t: {}, a: taught({}, 't'), s: taught({}, 'a') }),
    config({ t: {}, u: {}, s: taught({}, 't', 'u') }),
    config({ t: {}, s: taught({}, 't') }, { transfer_set: { leave_out: [3] } }),
    config({ t: {}, s: { ...taught({}, 't'), compress: [{ quantise: {} }] } }),
    config({ t: {}, s: { init: { derive: { from: 't', by: 'strongest_units' } } } }),
    config({ t: {}, s: { net: { vit: { shared: true } } } }),
    config({ t: {}, s: { net: { mlp: { rank: 4 } } } }),
    config({ t: {}, s: { replaces: { model: 't' } } }),
  ].map(groupOf);
  expect(found).toEqual([
    'plain',
    'time',
    'loss',
    'inside',
    'chain',
    'teachers',
    'digits',
    ...Array(5).fill('small'),
  ]);
});

test('groups without recipes are not offered, and none is lost', () => {
  const recipes = ['one', 'two'].map((name) => ({ name, config: config({ c: {} }) })) as unknown as Recipe[];
  expect(grouped(recipes)).toEqual([{ group: 'plain', recipes }]);
});
