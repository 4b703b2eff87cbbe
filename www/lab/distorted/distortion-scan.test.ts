import { describe, expect, it } from 'vitest';
import type { Distorted } from '../../engine/generated/types';
import type { Models } from '../../model/models';
import { TestDigits } from '../../model/test-digits.svelte';
import { DistortionScan } from './distortion-scan.svelte';

const TOTAL = 450;
const ASKED = { models: ['teacher', 'student'], by: 'tilt', strengths: [0, 10, 20] } as const;

/** Labels are the index modulo 10. A model's first choice is one class further for indices below its errors at a strength. */
function setUp() {
  const asked: string[] = [];
  const weights: Record<string, string> = { teacher: 'shipped', student: 'student 1' };
  const hold = { after: Number.POSITIVE_INFINITY, act: (): void => undefined };
  const models = {
    testSet: { split: 'test', name: 'test', count: TOTAL },
    weightsName: (model: string) => weights[model] ?? null,
    digits: async (_split: string, indices: readonly number[]) =>
      indices.map((index) => ({ pixels: new Uint8Array(784), label: index % 10 })),
    logitsOfDistorted: async (
      model: string,
      _split: string,
      indices: readonly number[],
      { by, strength }: Distorted,
    ) => {
      expect(by).toBe('tilt');
      asked.push(`${model} ${strength} ${indices[0]}`);
      if (asked.length === hold.after) hold.act();
      const errors = (model === 'teacher' ? 1 : 2) * strength;
      return Float32Array.from(
        indices.flatMap((index) => {
          const choice = (index + (index < errors ? 1 : 0)) % 10;
          return Array.from({ length: 10 }, (_, k) => (k === choice ? 5 : 0));
        }),
      );
    },
  } as unknown as Models;
  return { scan: new DistortionScan(models, new TestDigits(models)), asked, weights, hold };
}

describe('DistortionScan', () => {
  it('counts errors of every model at every strength', async () => {
    const { scan } = setUp();
    await scan.go(ASKED);
    expect([...scan.errors]).toEqual([
      ['teacher', [0, 10, 20]],
      ['student', [0, 20, 40]],
    ]);
    expect([scan.measured, scan.done, scan.total, scan.isRunning]).toEqual([TOTAL, 6, 6, false]);
  });

  it('asks again only for other weights', async () => {
    const { scan, asked, weights } = setUp();
    await scan.go(ASKED);
    const before = asked.length;
    await scan.go(ASKED);
    expect(asked.length).toBe(before);
    weights.student = 'student 2';
    await scan.go(ASKED);
    expect(asked.slice(before).every((one) => one.startsWith('student'))).toBe(true);
    expect(asked.length).toBe(before + before / 2);
  });

  it('stops at once and keeps what is measured', async () => {
    const { scan, asked, hold } = setUp();
    hold.after = 8;
    hold.act = () => scan.stop();
    await scan.go(ASKED);
    expect(asked.length).toBe(8);
    expect([scan.done, scan.isRunning]).toEqual([2, false]);
    expect(scan.errors.get('student')).toEqual([0]);
  });
});
