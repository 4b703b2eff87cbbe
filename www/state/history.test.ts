import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { History } from './history.svelte';

const config = (seed: number): Config => ({ seed }) as unknown as Config;

test('changes are taken back one by one, and made again', () => {
  const history = new History<Config>();
  expect([history.canUndo, history.canRedo]).toEqual([false, false]);
  history.note(config(1), 'seed');
  history.note(config(2), 'data.set');
  expect(history.undo(config(3))).toEqual(config(2));
  expect(history.undo(config(2))).toEqual(config(1));
  expect(history.undo(config(1))).toBeNull();
  expect(history.redo(config(1))).toEqual(config(2));
  expect(history.redo(config(2))).toEqual(config(3));
  expect(history.canRedo).toBe(false);
});

test('changes of one field in a row are one step, and a new one ends what could be made again', () => {
  const history = new History<Config>();
  for (const seed of [1, 2, 3]) history.note(config(seed), 'seed');
  expect(history.undo(config(4))).toEqual(config(1));
  history.note(config(1), 'seed');
  expect([history.canRedo, history.canUndo]).toEqual([false, true]);
});

test('changes of the whole are a step each', () => {
  const history = new History<Config>();
  history.note(config(1), null);
  history.note(config(2), null);
  expect(history.undo(config(3))).toEqual(config(2));
});
