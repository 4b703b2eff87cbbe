import { describe, expect, it } from 'vitest';

import type { PageStore } from '../state/page-store';
import { Survey } from './entropy-scan.svelte';
import { LogitsCache } from './logits-cache';
import { TestDigits } from './test-digits.svelte';

const TOTAL = 700;

/** 700 digits whose label is the index modulo 10; the teacher is unsure of those divisible by 100. */
function setUp(fail: { at: number } = { at: -1 }) {
  const asked: number[] = [];
  const store = {
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
  } as unknown as PageStore;
  const survey = new Survey(store, new TestDigits(store), new LogitsCache(store));
  return { survey, asked, fail };
}

describe('Survey', () => {
  it('learns label and doubt of every digit, in chunks', async () => {
    const { survey, asked } = setUp();
    await survey.go('teacher', 'all');
    expect(survey.complete).toBe(true);
    expect(survey.labels).toHaveLength(TOTAL);
    expect(survey.labels[123]).toBe(3);
    expect(survey.entropies[100]).toBeCloseTo(Math.log(10), 9);
    expect(survey.entropies[101]).toBeLessThan(1e-6);
    expect(Math.max(...asked)).toBeLessThanOrEqual(200);
  });

  it('stops at what the strip needs while the engine trains, and goes on from there', async () => {
    const { survey, asked } = setUp();
    await survey.go('teacher', 'first');
    expect(survey.usable).toBe(true);
    expect(survey.complete).toBe(false);
    const before = asked.length;
    await survey.go('teacher', 'all');
    expect(survey.complete).toBe(true);
    expect(asked.length - before).toBe(2);
  });

  it('counts digits without a teacher', async () => {
    const { survey } = setUp();
    await survey.go(null, 'all');
    expect(survey.complete).toBe(true);
    expect(survey.entropies[0]).toBeNull();
  });

  it('keeps what it has when the engine fails, and can go on', async () => {
    const { survey, fail } = setUp({ at: 250 });
    await survey.go('teacher', 'all');
    expect(survey.failure?.code).toBe('engine_failed');
    expect(survey.known).toBe(200);
    fail.at = -1;
    await survey.go('teacher', 'all');
    expect(survey.failure).toBeNull();
    expect(survey.complete).toBe(true);
  });
});
