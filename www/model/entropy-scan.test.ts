import { describe, expect, it } from 'vitest';
import { EntropyScan } from './entropy-scan.svelte';
import { LogitsCache } from './logits-cache';
import type { Models } from './models';
import { TestDigits } from './test-digits.svelte';

const TOTAL = 700;

/** 700 digits whose label is the index modulo 10; the teacher is unsure of those divisible by 100. */
function setUp(fail: { at: number } = { at: -1 }) {
  const asked: number[] = [];
  const models = {
    testSet: { split: 'test', name: 'test', count: TOTAL },
    weightsName: () => 'shipped',
    digits: async (_split: string, indices: readonly number[]) =>
      indices.map((index) => ({ pixels: new Uint8Array(784), label: index % 10 })),
    logits: async (_model: string, _split: string, indices: readonly number[]) => {
      asked.push(indices.length);
      if (indices.includes(fail.at)) throw { code: 'engine_failed', message: 'no', problems: [] };
      return Float32Array.from(
        indices.flatMap((index) => [index % 100 === 0 ? 0 : 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      );
    },
  } as unknown as Models;
  const scan = new EntropyScan(models, new TestDigits(models), new LogitsCache(models));
  return { scan, asked, fail };
}

describe('EntropyScan', () => {
  it('learns label and doubt of every digit, in chunks', async () => {
    const { scan, asked } = setUp();
    await scan.go('teacher', 'all');
    expect(scan.complete).toBe(true);
    expect(scan.labels).toHaveLength(TOTAL);
    expect(scan.labels[123]).toBe(3);
    expect(scan.entropies[100]).toBeCloseTo(Math.log(10), 9);
    expect(scan.entropies[101]).toBeLessThan(1e-6);
    // ln (1 / 10) where all ten logits are equal.
    expect(scan.logProbabilities[100]?.[7]).toBeCloseTo(-Math.log(10), 9);
    expect(scan.logProbabilities[101]?.[7]).toBeCloseTo(-20, 6);
    expect(Math.max(...asked)).toBeLessThanOrEqual(200);
  });

  it('stops at what the strip needs while the engine trains, and goes on from there', async () => {
    const { scan, asked } = setUp();
    await scan.go('teacher', 'first');
    expect(scan.usable).toBe(true);
    expect(scan.complete).toBe(false);
    const before = asked.length;
    await scan.go('teacher', 'all');
    expect(scan.complete).toBe(true);
    expect(asked.length - before).toBe(2);
  });

  it('counts digits without a teacher', async () => {
    const { scan } = setUp();
    await scan.go(null, 'all');
    expect(scan.complete).toBe(true);
    expect(scan.entropies[0]).toBeNull();
  });

  it('keeps what it has when the engine fails, and can go on', async () => {
    const { scan, fail } = setUp({ at: 250 });
    await scan.go('teacher', 'all');
    expect(scan.failure?.code).toBe('engine_failed');
    expect(scan.known).toBe(200);
    fail.at = -1;
    await scan.go('teacher', 'all');
    expect(scan.failure).toBeNull();
    expect(scan.complete).toBe(true);
  });
});
