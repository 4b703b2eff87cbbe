import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { leftBehind, openRaceDatabase, type UnfinishedRace } from './unfinished-races';

const race = (id: string, savedAt: number): UnfinishedRace<string> => ({
  id,
  savedAt,
  config: { version: 1, models: {} } as unknown as Config,
  recipe: null,
  epochs: 2,
  epochsTotal: 5,
  seen: 'curves',
  snapshot: Uint8Array.of(1, 2, 3),
});
const locks = (...ids: string[]): LockManager =>
  ({
    query: async () => ({ held: ids.map((id) => ({ name: `distillery-unfinished ${id}` })) }),
  }) as unknown as LockManager;
const names = (races: readonly UnfinishedRace<string>[]) => races.map(({ id }) => id);

test('a race comes back from the database as it was put, and goes when it is removed', async () => {
  const database = await openRaceDatabase<string>();
  await database.put(race('a', 1));
  await database.put(race('b', 2));
  await database.put({ ...race('a', 3), epochs: 4 });
  expect(await database.all()).toEqual([{ ...race('a', 3), epochs: 4 }, race('b', 2)]);
  await database.remove(['a', 'nobody']);
  expect(names(await database.all())).toEqual(['b']);
});

test('races of pages that live are nobody else’s; of the others the newest comes first', async () => {
  const all = [race('old', 1), race('living', 9), race('new', 5)];
  expect(names(await leftBehind(all, locks('living'), 10))).toEqual(['new', 'old']);
});

test('where locks are refused, a race that was kept lately is taken for one that is under way', async () => {
  const refusing = { query: () => Promise.reject(new Error('refused')) } as unknown as LockManager;
  const all = [race('under way', 95_000), race('left', 1)];
  for (const refused of [refusing, undefined]) {
    expect(names(await leftBehind(all, refused, 100_000))).toEqual(['left']);
  }
});
