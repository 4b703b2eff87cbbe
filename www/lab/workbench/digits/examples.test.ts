import { expect, test } from 'vitest';
import type { Config, Example } from '../../../engine/generated/types';
import { Examples } from './examples.svelte';

const config = (seed: number): Config => ({ version: 1, seed, models: {} }) as unknown as Config;
const example = (label: number): Example => ({ pixels: [], class: label, label, mixed: null });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('of settings that change faster than the engine answers only the last is asked for, and a refusal keeps what was seen', async () => {
  const asked: (number | undefined)[] = [];
  const examples = new Examples(
    {
      examples: async ({ seed }, _, most) => {
        asked.push(seed);
        if (seed === 13) throw new Error('digits are missing');
        return [example(most), example(seed ?? 0)];
      },
    },
    5,
  );
  for (const seed of [1, 2, 3]) examples.ask({ config: config(seed), model: 'student' });
  await settled();
  expect(asked).toEqual([1, 3]);
  expect(examples.seen.map(({ label }) => label)).toEqual([5, 3]);
  examples.ask({ config: config(13), model: 'student' });
  await settled();
  expect(examples.failure?.message).toContain('digits are missing');
  expect(examples.seen.map(({ label }) => label)).toEqual([5, 3]);
  expect(examples.answered?.config.seed).toBe(13);
});
