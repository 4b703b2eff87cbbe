import { describe, expect, it } from 'vitest';
import type { TransferSet } from '../engine/generated/types';
import { CLASSES, entropy, soften } from './softening';
import { CURVE_TEMPERATURES, TransferEntropy } from './transfer-entropy.svelte';

const SET = { digits: 450, leave_out: [] } as unknown as TransferSet;
const logitsAt = (index: number): number[] =>
  Array.from({ length: CLASSES }, (_, k) => (index * (k + 1)) % 13);

/** Digits whose label is the index modulo 10. */
function setUp() {
  const asked: number[][] = [];
  const fail = { at: -1 };
  const weights = { name: 'shipped' as string | null };
  const scan = new TransferEntropy({
    weightsName: () => weights.name,
    digits: async (_split, indices) =>
      indices.map((index) => ({ pixels: new Uint8Array(784), label: index % 10 })),
    logits: async (_model, split, indices) => {
      expect(split).toBe('train');
      asked.push([...indices]);
      if (indices.includes(fail.at)) throw { code: 'engine_failed', message: 'no', problems: [] };
      return Float32Array.from(indices.flatMap(logitsAt));
    },
  });
  return { scan, asked, fail, weights };
}

const meanOf = (indices: readonly number[], temperature: number): number =>
  indices.reduce((sum, index) => sum + entropy(soften(logitsAt(index), temperature)), 0) / indices.length;

describe('TransferEntropy', () => {
  const all = Array.from({ length: 450 }, (_, i) => i);

  it('is the mean of the entropies of all digits, at any temperature', async () => {
    const { scan, asked } = setUp();
    await scan.go('teacher', SET, 'mnist');
    expect([scan.known, scan.counted, scan.isComplete]).toEqual([450, 450, true]);
    // Sums of 450 doubles in another order.
    for (const temperature of [0.1, 1, 3.7, 20])
      expect(scan.meanAt(temperature)).toBeCloseTo(meanOf(all, temperature), 10);
    for (const { temperature, nats } of scan.curve) expect(nats).toBeCloseTo(meanOf(all, temperature), 10);
    expect([CURVE_TEMPERATURES[0], CURVE_TEMPERATURES.at(-1)!.toFixed(9)]).toEqual([0.1, '20.000000000']);
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(200);
  });

  it('leaves classes out as the transfer set does', async () => {
    const { scan } = setUp();
    await scan.go('teacher', { ...SET, leave_out: [3, 7] }, 'mnist');
    const kept = all.filter((index) => index % 10 !== 3 && index % 10 !== 7);
    expect(scan.counted).toBe(kept.length);
    expect(scan.meanAt(2)).toBeCloseTo(meanOf(kept, 2), 10);
  });

  it('goes on where it failed, and begins again for other weights', async () => {
    const { scan, asked, fail, weights } = setUp();
    fail.at = 300;
    await scan.go('teacher', SET, 'mnist');
    expect(scan.failure?.code).toBe('engine_failed');
    expect(scan.counted).toBe(200);
    fail.at = -1;
    await scan.go('teacher', SET, 'mnist');
    expect(scan.isComplete).toBe(true);
    expect(asked.map(([first]) => first)).toEqual([0, 200, 200, 400]);
    weights.name = 'trained on';
    await scan.go('teacher', SET, 'mnist');
    expect(asked.length).toBe(7);
  });

  it('says nothing of a model without weights', async () => {
    const { scan, weights } = setUp();
    weights.name = null;
    await scan.go('teacher', SET, 'mnist');
    expect(scan.meanAt(4)).toBeNull();
    expect(scan.curve).toEqual([]);
  });
});
