import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import type { Problem } from '../engine/page-failures';
import { valueAt } from './places';
import { refusedChoices } from './refused';

const config = { version: 1, models: { a: {}, b: { net: { same_as: 'a' } } } } as unknown as Config;
const named = (...names: string[]) => names.map((name) => ({ name, value: name }));

/** A lab that finds these problems with each value of a place. */
const lab =
  (path: string, problems: Readonly<Record<string, readonly Partial<Problem>[]>>) => async (tried: Config) =>
    (problems[JSON.stringify(valueAt(tried as never, path))] ?? []) as Problem[];

test('what is refused at the place, or as a whole there, cannot be chosen', async () => {
  const path = 'models.b.init';
  const choices = [
    { name: 'seeded', value: 'seeded' },
    { name: 'pretrained', value: { pretrained: 'x' } },
    { name: 'drawn', value: 'drawn' },
  ];
  const here = { path: `${path}.pretrained`, allowed: { code: 'same_network' } } as Partial<Problem>;
  const there = { path, allowed: { code: 'same_network' } } as Partial<Problem>;
  const answer = lab(path, { '{"pretrained":"x"}': [here], '"drawn"': [there] });
  const refused = await refusedChoices(config, path, choices, answer);
  expect(refused.map(({ choice, problem }) => [choice.name, problem])).toEqual([
    ['pretrained', here],
    ['drawn', there],
  ]);
});

test('what a choice asks for elsewhere, or has to be named within it, refuses nothing', async () => {
  const path = 'models.b.net';
  const choices = [
    { name: 'mlp', value: { mlp: {} } },
    { name: 'same_as', value: { same_as: '' } },
  ];
  const answer = lab(path, {
    '{"mlp":{}}': [{ path: 'models.b.compress[0]', allowed: { code: 'same_network' } }],
    '{"same_as":""}': [{ path: `${path}.same_as`, allowed: { code: 'one_of', names: ['a', 'b'] } as never }],
  });
  expect(await refusedChoices(config, path, choices, answer)).toEqual([]);
});

test('a name that would have models wait for one another is refused, though that is said of the models', async () => {
  const path = 'models.b.net.same_as';
  const cycle = { path: 'models.b', allowed: { code: 'without_cycle' } } as Partial<Problem>;
  const refused = await refusedChoices(config, path, named('a', 'b'), lab(path, { '"b"': [cycle] }));
  expect(refused.map(({ choice }) => choice.name)).toEqual(['b']);
});

test('where every choice would be refused, none is: something else is in the way', async () => {
  const path = 'models.b.net.same_as';
  const problem = { path, allowed: { code: 'same_network' } } as Partial<Problem>;
  const answer = lab(path, { '"a"': [problem], '"b"': [problem] });
  expect(await refusedChoices(config, path, named('a', 'b'), answer)).toEqual([]);
});
