import { expect, test } from 'vitest';
import type { Compression, Config } from '../../engine/generated/types';
import { compressionWords, madeWords } from './compression';

const kept = (share: unknown, by: unknown = 'magnitude') =>
  ({ prune: { kept: share, scope: 'global', by } }) as Compression;

test('a way says what is left at its end', () => {
  const ways = [
    kept(0.05),
    kept({ linear: { from: 1, to: 0.1 } }),
    kept(0.2, 'random'),
    kept(0.3, { magnitude_of: 'teacher' }),
    { quantise: { bits: 8, per: 'tensor' } },
    { quantise: { bits: 2, per: 'tensor', layers: [8, 4] } },
    { ternarise: { per: 'tensor' } },
    { ternarise: { per: 'channel' } },
  ] as Compression[];
  expect(ways.map(compressionWords)).toEqual([
    ...['pruned to 5%', 'pruned to 10%', '20% kept at random', 'largest 30% of teacher'],
    ...['8 bits', '8, 4, then 2 bits', 'three values', 'three values, scaled by output'],
  ]);
});

test('a model says all that was done to it, and one of its own nothing', () => {
  const derive = (by: unknown) => ({ derive: { from: 'teacher', by, frozen: false } });
  const config = {
    models: {
      teacher: { net: { cnn: {} } },
      narrow: {
        net: { mlp: { hidden: [8], rank: null } },
        init: derive('strongest_units'),
        compress: [{ quantise: { bits: 4, per: 'tensor' } }],
      },
      some: { init: derive({ copy_layers: { layers: [0] } }) },
      copy: { init: derive('copy') },
      thin: { net: { mlp: { hidden: [20], rank: 3 } } },
      one: { net: { vit: { shared: true } }, replaces: { model: 'teacher', probability: 1 } },
    },
  } as unknown as Config;
  const words = ['teacher', 'narrow', 'some', 'copy', 'nobody', 'thin', 'one'].map((name) =>
    madeWords(config, name),
  );
  expect(words).toEqual([
    ...['', 'strongest units of teacher, 4 bits', 'layers of teacher', '', ''],
    ...['rank 3', 'one block for all, in the place of teacher'],
  ]);
});
