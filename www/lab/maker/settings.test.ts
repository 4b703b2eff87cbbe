import { expect, test } from 'vitest';
import type { PageStore } from '../../state/page-store';
import { differing } from './settings';

const store = { experiment: { config: { seed: 1, training: { epochs: 10 } } } } as unknown as PageStore;

test('a step sets what differs from the steps before, and sets back what is the recipe’s again', () => {
  const before = { recipe: 'first-race', seed: 3, 'training.epochs': 2, 'view.t': 1, 'view.digit': 80 };
  const now = { recipe: 'first-race', 'training.epochs': 2, 'view.t': 8, 'view.digit': 80 };
  expect(differing(now, before, store)).toEqual({ 'view.t': 8, seed: 1 });
  expect(differing(now, now, store)).toEqual({});
});
