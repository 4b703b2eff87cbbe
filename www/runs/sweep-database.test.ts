import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { Grid, Record as RunRecord } from '../engine/generated/types';
import { sweepKeeper } from './sweep-database';

const gridOf = (seeds: number): Grid => ({ config: { version: 1 }, fields: {}, seeds }) as unknown as Grid;
const lineOf = (seed: number) => ({ cell: { seed }, record: { digest: `${seed}` } as RunRecord });

it('gives a later visit the sweep that was left, with its lines alone', async () => {
  const before = sweepKeeper('a');
  expect(await before.read()).toBeNull();
  await before.begin(gridOf(1), 1);
  await before.add(lineOf(7));
  // Not awaited: what is asked for first is written first.
  void before.begin(gridOf(2), 3);
  void before.add(lineOf(1));
  await before.add(lineOf(2));
  await sweepKeeper('b').begin(gridOf(9), 9);
  const found = await sweepKeeper('a').read();
  expect(found).toMatchObject({ grid: gridOf(2), engines: 3 });
  expect(found!.lines.map(({ cell }) => cell.seed)).toEqual([1, 2]);
});

it('goes on with what it has read, and forgets it when it is cleared', async () => {
  const later = sweepKeeper('a');
  await later.read();
  await later.add(lineOf(3));
  expect((await sweepKeeper('a').read())!.lines).toHaveLength(3);
  await later.clear();
  await later.add(lineOf(4));
  expect(await sweepKeeper('a').read()).toBeNull();
  expect((await sweepKeeper('b').read())!.engines).toBe(9);
});

it('leaves a visit in peace whose browser refuses', async () => {
  const { indexedDB } = globalThis;
  Reflect.deleteProperty(globalThis, 'indexedDB');
  try {
    const refused = sweepKeeper('a');
    await refused.begin(gridOf(1), 1);
    await refused.add(lineOf(1));
    expect(await refused.read()).toBeNull();
  } finally {
    Object.assign(globalThis, { indexedDB });
  }
});
