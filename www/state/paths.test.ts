import { expect, test } from 'vitest';
import { difference, getAt, overlap, setAt } from './paths';

test('setting leaves the original alone and makes what is missing', () => {
  const root = { a: { b: 1 } };
  expect(setAt(root, 'a.c.d', 2)).toEqual({ a: { b: 1, c: { d: 2 } } });
  expect(root).toEqual({ a: { b: 1 } });
  expect(setAt(root, 'a.b', undefined)).toEqual({ a: {} });
  expect(getAt(root, 'a.b')).toBe(1);
  expect(getAt(root, 'a.b.c')).toBeUndefined();
});

test('the difference leads from one to the other', () => {
  const from = { kept: 1, rate: { cosine: { from: 1, to: 0 } }, list: [1, 2] };
  const to = { kept: 1, rate: 0.1, list: [1], added: { x: 1 } };
  const reached = difference(from, to).reduce<typeof from | typeof to>(
    (root, { path, value }) => setAt(root, path, value) as typeof to,
    from,
  );
  expect(reached).toEqual(to);
  expect(difference(to, to)).toEqual([]);
});

test('paths overlap where one lies within the other, not where only their letters do', () => {
  expect(overlap('training', 'training.epochs')).toBe(true);
  expect(overlap('models.a.net.mlp.hidden[0]', 'models.a.net.mlp.hidden')).toBe(true);
  expect(overlap('models', 'models (their number)')).toBe(true);
  expect(overlap('training.epoch', 'training.epochs')).toBe(false);
});
