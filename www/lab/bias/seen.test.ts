import { expect, test } from 'vitest';
import type { Digit, Split } from '../../engine/messages';
import { SeenDigits } from './seen.svelte';

/** Models that answer every digit with its own place. */
function models() {
  const asked: string[] = [];
  const state = { fails: false };
  const of = {
    digits: async (split: Split, indices: readonly number[]) => {
      asked.push(`labels ${split} ${indices.length}`);
      return indices.map((index) => ({ label: index % 10 }) as Digit);
    },
    logits: async (model: string, _: Split, indices: readonly number[]) => {
      asked.push(`${model} ${indices.length}`);
      if (state.fails) throw { code: 'worker_died', message: '', problems: [] };
      return Float32Array.from(indices.flatMap((index) => Array(10).fill(index)));
    },
  };
  return { of, asked, state };
}

const PICTURES = { split: 'train', indices: Array.from({ length: 700 }, (_, i) => 50 + i) } as const;

test('digits are asked for chunk by chunk, once, and labels once for all models', async () => {
  const { of, asked } = models();
  const seen = new SeenDigits(of);
  const { logits, labels } = await seen.get('student', PICTURES);
  expect([logits.length, logits[0], logits.at(-1), labels[0], labels.at(-1)]).toEqual([7_000, 50, 749, 0, 9]);
  expect([seen.done, seen.total]).toEqual([700, 700]);
  await Promise.all([seen.get('student', PICTURES), seen.get('control', PICTURES)]);
  expect(asked.toSorted()).toEqual(
    [
      'control 200',
      'control 500',
      'labels train 200',
      'labels train 500',
      'student 200',
      'student 500',
    ].toSorted(),
  );
});

test('what failed is asked for again', async () => {
  const { of, state } = models();
  const seen = new SeenDigits(of);
  state.fails = true;
  await expect(seen.get('student', PICTURES)).rejects.toMatchObject({ code: 'worker_died' });
  state.fails = false;
  expect((await seen.get('student', PICTURES)).labels.length).toBe(700);
});
