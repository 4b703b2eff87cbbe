import { describe, expect, it } from 'vitest';

import type { Reading } from '../engine/generated/types';
import type { OwnPictures, OwnSplit } from '../engine/own-pictures';
import { OwnSets } from './own-sets.svelte';

const FILE = new Uint8Array(4);
const TRANSPOSED: Reading = { symmetry: 'transposed', inverted: false, stretched: false };

/** An engine that keeps what it is given; of files that begin with 1 it says that they are none. */
function setUp() {
  const own = new Map<OwnSplit, OwnPictures>();
  let resets = 0;
  const api = {
    lookAtOwn: async () => ({ teacher: 'shipped', looked_at: 40, agreed: 4, better: null }),
    digits: async (_split: string, indices: number[]) =>
      indices.map((index) => ({ pixels: new Uint8Array(784), label: index % 10 })),
    logits: async (_model: string, _split: string, indices: number[]) =>
      Float32Array.from(indices.flatMap(() => [0, 0, 0, 9, 0, 0, 0, 0, 0, 0])),
  };
  const client = {
    own,
    addOwn: async (split: OwnSplit, pictures: OwnPictures) => {
      if (pictures.images[0] === 1) throw { code: 'data_corrupt', message: 'no idx', problems: [] };
      own.set(split, pictures);
      return 40;
    },
    removeOwn: async (split: OwnSplit) => {
      own.delete(split);
    },
    call: async <T>(ask: (remote: never) => Promise<T>) => ask(api as never),
  };
  const sets = new OwnSets(client, async () => {
    resets += 1;
  });
  return { sets, own, resets: () => resets };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('OwnSets', () => {
  it('takes a set, ends a race for it, and looks at it with the teacher', async () => {
    const { sets, resets } = setUp();
    expect(await sets.add('own_test', FILE, FILE)).toBe(40);
    expect(resets()).toBe(1);
    await settled();
    const set = sets.of('own_test');
    expect([set.stage, set.count, set.look?.agreed]).toEqual(['here', 40, 4]);
    // Fifteen of forty, spread over the set.
    expect(set.seen.map(({ label }) => label).slice(0, 5)).toEqual([0, 2, 5, 8, 0]);
    expect(set.seen.every(({ choice }) => choice === 3)).toBe(true);
    expect(sets.of('own').stage).toBe('none');
  });

  it('reads pictures in one more way, and as they came again, under another version each time', async () => {
    const { sets, own } = setUp();
    await sets.add('own', FILE, FILE);
    await sets.read('own', TRANSPOSED);
    expect(own.get('own')?.readings).toEqual([TRANSPOSED]);
    const { version } = sets.of('own');
    await sets.readAsTheyCame('own');
    expect(own.get('own')?.readings).toEqual([]);
    expect(sets.of('own').version).toBe(version + 1);
  });

  it('files given one after another, before the first have been read, leave it at what became of the last', async () => {
    const { sets } = setUp();
    const set = sets.of('own');
    const broken = (): Promise<unknown> => sets.add('own', Uint8Array.of(1), FILE).catch(() => undefined);
    const both = [broken(), broken()];
    expect(set.stage).toBe('taking');
    await Promise.all(both);
    expect([set.stage, set.refused?.code]).toEqual(['none', 'data_corrupt']);
    await Promise.all([broken(), sets.add('own', FILE, FILE)]);
    await settled();
    expect([set.stage, set.refused]).toEqual(['here', null]);
    // Others are refused while the teacher still looks at those that are there.
    await sets.add('own', FILE, FILE);
    expect(set.stage).toBe('asking');
    await broken();
    await settled();
    expect([set.stage, set.refused?.code]).toEqual(['here', 'data_corrupt']);
  });

  it('keeps what it has when other files are refused, and says why', async () => {
    const { sets, own } = setUp();
    await sets.add('own', FILE, FILE);
    await settled();
    await expect(sets.add('own', Uint8Array.of(1), FILE)).rejects.toMatchObject({ code: 'data_corrupt' });
    const set = sets.of('own');
    expect([set.stage, set.count, set.refused?.message]).toEqual(['here', 40, 'no idx']);
    expect(own.has('own')).toBe(true);
    await sets.remove('own');
    expect([set.stage, set.count, set.refused, set.seen.length]).toEqual(['none', 0, null, 0]);
    expect(own.has('own')).toBe(false);
  });
});
