import { expect, it } from 'vitest';
import { batchAt } from './batch';

/** A set in which the label of each picture is the last figure of its number. */
const models = {
  digits: async (_: unknown, indices: readonly number[]) =>
    indices.map((index) => ({ pixels: new Uint8Array(784), label: index % 10 })),
};
const place = { split: 'train', from: 0, count: 40, leftOut: [] as number[] } as const;
const numbers = async (asked: Parameters<typeof batchAt>[1]): Promise<number[]> =>
  (await batchAt(models, asked)).map(({ index }) => index);

it('takes eight, one behind the other, without classes that are left out', async () => {
  expect(await numbers(place)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(await numbers({ ...place, leftOut: [3, 4] })).toEqual([0, 1, 2, 5, 6, 7, 8, 9]);
});

it('goes on with the first behind the last, and takes none twice', async () => {
  expect(await numbers({ ...place, from: 36 })).toEqual([36, 37, 38, 39, 0, 1, 2, 3]);
  expect(await numbers({ ...place, count: 5, from: 2 })).toEqual([2, 3, 4, 0, 1]);
});
