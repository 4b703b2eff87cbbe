import { describe, expect, it } from 'vitest';
import { LogitsCache } from './logits-cache';
import type { TestSet } from './models';

/** An engine whose logits name digit and weights, and that remembers what it was asked. */
function engine() {
  const asked: number[][] = [];
  const splits: string[] = [];
  let version = 0;
  return {
    asked,
    testSet: { split: 'test', name: 'test', count: 100 } as TestSet,
    train: () => {
      version += 1;
    },
    weightsName: (model: string): string | null => (model === 'untrained' ? null : `${model} ${version}`),
    splits,
    logits: async (_model: string, split: string, indices: readonly number[]): Promise<Float32Array> => {
      asked.push([...indices]);
      splits.push(split);
      return Float32Array.from(indices.flatMap((index) => new Array<number>(10).fill(index + version / 8)));
    },
  };
}

describe('LogitsCache', () => {
  it('asks once per digit and keeps the order asked for', async () => {
    const store = engine();
    const cache = new LogitsCache(store);
    await cache.get('teacher', [3, 1]);
    const logits = await cache.get('teacher', [1, 2, 3]);
    expect(logits?.map((row) => row[0])).toEqual([1, 2, 3]);
    expect(store.asked).toEqual([[3, 1], [2]]);
  });

  it('asks again once the weights have changed', async () => {
    const store = engine();
    const cache = new LogitsCache(store);
    await cache.get('student', [5]);
    store.train();
    expect((await cache.get('student', [5]))?.[0]?.[0]).toBe(5.125);
    expect(store.asked).toHaveLength(2);
  });

  it('asks again, of the other split, once the test set is another', async () => {
    const store = engine();
    const cache = new LogitsCache(store);
    await cache.get('teacher', [5]);
    store.testSet = { split: 'own_test', name: 'own_test 1', count: 10 };
    await cache.get('teacher', [5]);
    await cache.get('teacher', [5]);
    expect(store.splits).toEqual(['test', 'own_test']);
  });

  it('answers null for a model without weights, without asking', async () => {
    const store = engine();
    expect(await new LogitsCache(store).get('untrained', [0])).toBeNull();
    expect(store.asked).toEqual([]);
  });
});
