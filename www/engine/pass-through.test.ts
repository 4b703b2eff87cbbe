import { expect, test } from 'vitest';
import { passingThrough } from './pass-through';

interface Passed {
  record(): Promise<string>;
  logits(model: string, indices: readonly number[]): Promise<string>;
}

const api = passingThrough<Passed, { stop(): string }>(
  { stop: () => 'stopped' },
  async (name, given) => `${name}(${given.join('; ')})`,
);

test('a call that was not given is passed on by its name, with what it was given', async () => {
  expect(await api.record()).toBe('record()');
  expect(await api.logits('solo', [1, 2])).toBe('logits(solo; 1,2)');
});

test('a call that was given is not passed on', () => {
  expect(api.stop()).toBe('stopped');
});
