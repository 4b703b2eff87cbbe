import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { drawing } from '../../tests/support/drawing.mjs';
import type { EngineClient } from '../engine/client';
import type { Config, Recipe } from '../engine/generated/types';
import { packText } from '../model/packed-text';
import type { Json } from '../model/paths';
import { DEFAULT_VIEW } from '../model/view';
import { Experiment } from './experiment.svelte';
import { parseHash } from './hash';
import { packChanges, unpackChanges } from './packed-config';

const FOLDER = new URL('../../src/experiment/recipes/', import.meta.url);
const RECIPES: Recipe[] = readdirSync(FOLDER).map((file) => ({
  ...(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recipe),
  name: file.replace('.json', ''),
}));

/** A lab to which everything is allowed. */
const api = {
  recipes: async () => RECIPES,
  complete: async (config: Config) => config,
  costs: async () => ({}),
  validate: async () => [],
};
const client = { call: (ask: (of: typeof api) => unknown) => ask(api) } as unknown as EngineClient;

async function opened(hash: string) {
  const experiment = new Experiment(client);
  return { experiment, refused: await experiment.open(hash) };
}

async function sharing(recipe: string, config: Config) {
  const { experiment } = await opened(`#recipe=${recipe}`);
  experiment.config = config;
  return experiment.address({ ...DEFAULT_VIEW, temperature: 2.5, result: '0123456789abcdef' });
}

type Draw = () => number;

/** The value with every number, word and flag another one by chance, and some fields gone. */
function changed(value: Json, draw: Draw): Json {
  if (Array.isArray(value)) return value.map((item) => changed(item, draw));
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(() => draw() < 0.95);
    return Object.fromEntries(kept.map(([key, item]) => [key, changed(item, draw)]));
  }
  if (draw() < 0.2) return value;
  if (typeof value === 'number') return draw() * 1000;
  if (typeof value === 'boolean') return !value;
  return ['mnist-cnn', 'true', '12', 'Ω “word”', '', null][Math.floor(draw() * 6)]!;
}

/** A recipe's config changed in many fields, with further models beside its own. */
function muchChanged(recipe: Recipe, draw: Draw, more: number): Config {
  const config = structuredClone(recipe.config);
  const models = Object.values(config.models);
  for (let i = 0; i < more; i += 1) config.models[`model-${i}`] = structuredClone(models[i % models.length]!);
  const { models: kept, ...others } = config;
  const rest = changed(others as unknown as Json, draw) as unknown as Config;
  return { ...rest, models: changed(kept as unknown as Json, draw) as unknown as Config['models'] };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('whatever recipe is changed, in however many fields, its link brings the same config, and no program cuts it', async () => {
  let packed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...RECIPES),
      fc.integer(),
      fc.integer({ min: 0, max: 8 }),
      async (recipe, seed, more) => {
        const config = muchChanged(recipe, drawing(seed), more);
        const hash = await sharing(recipe.name, config);
        const { experiment, refused } = await opened(hash);
        expect(refused).toEqual([]);
        expect(experiment.recipe?.name).toBe(recipe.name);
        expect(experiment.config).toEqual(config);
        if (parseHash(hash).packedChanges === null) expect(hash.length).toBeLessThanOrEqual(1_500);
        else {
          packed += 1;
          expect(hash).toMatch(
            /^#recipe=[\w-]+&config\.data=[\w-]+&view\.t=2\.5&view\.result=0123456789abcdef$/,
          );
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(packed).toBeGreaterThan(20);
}, 60_000);

const LARGE = muchChanged(RECIPES.find(({ name }) => name === 'the-shelf')!, drawing(1), 8);

test('what stands beside the packed settings counts before them, and a field that is not known is named', async () => {
  const packed = await packChanges([
    { path: 'seed', value: 3 },
    { path: 'training.epochs', value: 7 },
    { path: 'training.epoch', value: 7 },
    { path: 'models.control', value: undefined },
  ]);
  const { experiment, refused } = await opened(`#recipe=first-race&config.data=${packed}&seed=8`);
  const { seed, training, models } = experiment.config!;
  expect([seed, training!.epochs, Object.keys(models)]).toEqual([8, 7, ['teacher', 'student']]);
  expect(refused.map(({ path, because }) => [path, because])).toEqual([['training.epoch', 'unknown']]);
});

test('a letter lost or changed anywhere is noticed, and the recipe opens as it is', async () => {
  const hash = await sharing('the-shelf', LARGE);
  const packed = parseHash(hash).packedChanges!;
  const damaged = Array.from({ length: 60 }, (_, i) => {
    const at = Math.floor((i / 60) * packed.length);
    const letter = packed[at] === 'A' ? 'B' : 'A';
    return `${packed.slice(0, at)}${letter}${packed.slice(at + 1)}`;
  });
  const wrong = [...damaged, packed.slice(0, -30), packed.slice(0, 40), 'no', '💧'];
  for (const text of wrong) expect(await unpackChanges(text), text).toEqual({ code: 'packed_whole' });
  // What is written behind the checksum changes nothing, and not every browser minds it.
  const whole = await unpackChanges(packed);
  expect([whole, { code: 'packed_whole' }]).toContainEqual(await unpackChanges(`${packed}AAAA`));
  const { experiment, refused } = await opened(hash.replace(packed, packed.slice(0, -30)));
  expect(refused.map(({ path, allowed }) => [path, allowed])).toEqual([
    ['config.data', { code: 'packed_whole' }],
  ]);
  expect(experiment.isChanged).toBe(false);
});

test('chat programs may write behind it, break the line and encode it', async () => {
  const hash = await sharing('the-shelf', LARGE);
  const handled = [
    `${hash}.`,
    `${hash.slice(0, 300)}\n${hash.slice(300)}`,
    `#${encodeURIComponent(hash.slice(1))}`,
    hash.replaceAll('&', '&amp;'),
  ];
  for (const link of handled) {
    const { experiment, refused } = await opened(link);
    expect(refused).toEqual([]);
    expect(experiment.config).toEqual(LARGE);
  }
});

test('what is no list of changes, unpacks to too much or nests without end is refused', async () => {
  for (const text of ['{"seed":3}', '[["seed",1,2]]', '[3]', '[[3,4]]', '[null]', 'null', 'seed=3'])
    expect(await unpackChanges(await packText(text, 'deflate')), text).toEqual({ code: 'packed_whole' });
  const zeros = await packText(`[["seed",${'0'.repeat(5_000_000)}]]`, 'deflate');
  expect(zeros.length).toBeLessThan(8_000);
  expect(await unpackChanges(zeros)).toEqual({ code: 'unpacked_bytes', max: 64_000 });
  expect(await packChanges([{ path: 'seed', value: 'x'.repeat(64_000) }])).toBeNull();
  const deep = await packText(
    `[["seed",${'['.repeat(20_000)}${']'.repeat(20_000)}],["seed",1e999]]`,
    'deflate',
  );
  const { refused } = await opened(`#config.data=${deep}`);
  expect(refused.map(({ path, because }) => [path, because])).toEqual([
    ['seed', 'not_allowed'],
    ['seed', 'not_allowed'],
  ]);
});

test('a browser without compression shares the long hash, and says what it cannot read', async () => {
  const packed = parseHash(await sharing('the-shelf', LARGE)).packedChanges!;
  vi.stubGlobal('CompressionStream', undefined);
  vi.stubGlobal('DecompressionStream', undefined);
  const hash = await sharing('the-shelf', LARGE);
  expect(hash.length).toBeGreaterThan(1_500);
  expect((await opened(hash)).experiment.config).toEqual(LARGE);
  expect(await unpackChanges(packed)).toEqual({ code: 'browser_that_unpacks' });
});
