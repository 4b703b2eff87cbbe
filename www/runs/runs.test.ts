import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { Config, Environment, Record as RunRecord } from '../engine/generated/types';
import { openRunDatabase } from './database';
import { fileOf } from './run-file';
import { type EndedRun, Runs } from './runs.svelte';

const ENVIRONMENT: Environment = { engine: 'cpu', adapter: '', crate_version: '0.2.0', target: 'wasm32' };
const config = (seed: number): Config => ({ version: 1, seed, models: {} }) as unknown as Config;

function ended(seed: number, errors = 5): EndedRun {
  const models = { student: { epochs: [{ epoch: 1, errors, evaluated: 100 }] } };
  return {
    ending: 'finished',
    elapsedMs: 1000,
    recipe: 'first-race',
    config: config(seed),
    environment: ENVIRONMENT,
    record: { config: config(seed), environment: ENVIRONMENT, models, test: null } as unknown as RunRecord,
    nameAmong: (taken) => `run ${taken.size + 1}`,
  };
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterAll(() => vi.unstubAllGlobals());

async function withRuns(count: number): Promise<Runs> {
  const runs = new Runs(vi.fn());
  for (let seed = 1; seed <= count; seed += 1) await runs.keep({}, ended(seed));
  return runs;
}

async function nextVisit(): Promise<Runs> {
  const runs = new Runs(vi.fn());
  await runs.open();
  return runs;
}

test('a run outlasts the visit, with its record, its note and what it came to', async () => {
  const runs = new Runs(vi.fn());
  runs.nextNote = 'a guess';
  await runs.keep({}, ended(1));
  expect(runs.nextNote).toBe('');
  const later = await nextVisit();
  expect(later.list).toEqual(runs.list);
  expect(later.list).toMatchObject([
    { name: 'run 1', note: 'a guess', results: [{ model: 'student', errors: 5, evaluated: 100 }] },
  ]);
  expect(await later.record(later.list[0]!.id)).toEqual(ended(1).record);
});

test('what comes later of the same race takes the place of what was kept, not of name and note', async () => {
  const runs = new Runs(vi.fn());
  const race = {};
  await runs.keep(race, ended(1));
  await runs.describe(runs.list[0]!.id, 'mine', 'my note');
  runs.nextNote = 'of the next';
  await runs.keep(race, ended(1, 3));
  expect(runs.list).toMatchObject([{ name: 'mine', note: 'my note', results: [{ errors: 3 }] }]);
  expect(runs.nextNote).toBe('of the next');
});

test('names, notes and pins are kept; an empty name leaves the one before', async () => {
  const runs = await withRuns(1);
  const { id } = runs.list[0]!;
  await runs.describe(id, '  better name ', ' note ');
  await runs.pin(id, true);
  await runs.describe(id, ' ', 'note');
  expect((await nextVisit()).list).toMatchObject([{ name: 'better name', note: 'note', isPinned: true }]);
});

test('what was deleted comes back whole, and only that', async () => {
  const runs = await withRuns(3);
  const before = runs.list;
  const [newest, , oldest] = before;
  await runs.remove([newest!.id, oldest!.id]);
  expect((await nextVisit()).list).toHaveLength(1);
  await runs.undo();
  expect(new Set(runs.list)).toEqual(new Set(before));
  const later = await nextVisit();
  expect(later.list).toHaveLength(3);
  expect((await later.whole(later.list)).map(({ record }) => record.config.seed)).toEqual(
    later.list.map((run) => run.config.seed),
  );
  await runs.undo();
  expect(runs.list).toHaveLength(3);
});

test('runs of a file come once', async () => {
  const runs = await withRuns(2);
  const whole = await runs.whole(runs.list);
  expect(fileOf(whole)).toContain('"run 1"');
  await runs.remove(runs.list.map(({ id }) => id));
  expect(await runs.add(whole)).toBe(2);
  expect(await runs.add(whole)).toBe(0);
  expect(await runs.whole(runs.list)).toEqual(whole);
});

test('a browser that refuses is told of once, and runs last as long as the page', async () => {
  const tell = vi.fn();
  const runs = new Runs(tell, () => Promise.reject(new DOMException('no', 'SecurityError')));
  await runs.keep({}, ended(1));
  await runs.keep({}, ended(2));
  expect(tell.mock.calls).toEqual([['refused']]);
  expect(runs.list).toHaveLength(2);
  const { id } = runs.list[0]!;
  await runs.describe(id, 'kept in memory', '');
  expect(await runs.record(id)).not.toBeNull();
  await runs.remove([id]);
  await runs.undo();
  expect(runs.list.map(({ name }) => name)).toContain('kept in memory');
  expect(await runs.whole(runs.list)).toHaveLength(2);
});

test('a device without room is told of once, and what has no room lasts as long as the page', async () => {
  const tell = vi.fn();
  const runs = new Runs(tell, async () => ({
    ...(await openRunDatabase()),
    put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
  }));
  await runs.keep({}, ended(1));
  await runs.keep({}, ended(2));
  expect(tell.mock.calls).toEqual([['full']]);
  expect(await runs.whole(runs.list)).toHaveLength(2);
  expect((await nextVisit()).list).toEqual([]);
});
