import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Gzipped } from './gzipped.svelte';

function setUp(files: Record<string, Uint8Array<ArrayBuffer>>) {
  const asked: string[] = [];
  const names: Record<string, string> = {};
  const gzipped = new Gzipped({
    weightsName: (model) => names[model] ?? model,
    weights: async (model) => {
      asked.push(model);
      const file = files[model];
      if (!file) throw new Error(model);
      return file;
    },
  });
  return { gzipped, asked, names };
}

test('a file is asked for once as long as its weights stay, and told as gzip leaves it', async () => {
  const zeros = new Uint8Array(100_000);
  const { gzipped, asked, names } = setUp({ pruned: zeros });
  expect(gzipped.of('pruned')).toBeNull();
  await gzipped.find(['pruned', 'pruned']);
  await gzipped.find(['pruned']);
  expect(asked).toEqual(['pruned']);
  // Two makers of gzip need not agree to the byte.
  expect(gzipped.of('pruned')! / gzipSync(zeros).length).toBeCloseTo(1, 0);
  expect(gzipped.of('pruned')!).toBeLessThan(1000);
  names.pruned = 'after another epoch';
  expect(gzipped.of('pruned')).toBeNull();
  await gzipped.find(['pruned']);
  expect(asked).toHaveLength(2);
});

test('one that cannot be had leaves the others their numbers', async () => {
  const { gzipped } = setUp({ there: new Uint8Array(10) });
  await gzipped.find(['gone', 'there']);
  expect(gzipped.of('gone')).toBeNull();
  expect(gzipped.of('there')).toBeGreaterThan(10);
});
