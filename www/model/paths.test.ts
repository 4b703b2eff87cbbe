import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, getAt, isBranch, type Json, overlap, setAt } from './paths';

/** A hundred trees take their time on a busy machine. */
const SLOW_MS = 30_000;

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

test('names such as constructor and __proto__ are names: set, found and removed like any other', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'hasOwnProperty']) {
    expect(getAt({}, name)).toBeUndefined();
    const root = setAt({}, `${name}.x`, 1);
    expect(Object.keys(root as object)).toEqual([name]);
    expect(Object.getPrototypeOf(root)).toBe(Object.prototype);
    expect(getAt(root, `${name}.x`)).toBe(1);
    expect(Object.keys(setAt(root, name, undefined) as object)).toEqual([]);
  }
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('taking away what is not there changes nothing; a part without a name is refused', () => {
  const root = { a: 1 };
  expect(setAt(root, 'b.c', undefined)).toEqual({ a: 1 });
  for (const path of ['', '.', 'a.', '.a', 'a..b']) expect(() => setAt(root, path, 1)).toThrow(RangeError);
});

const key = fc
  .oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', 'a', 'b'))
  .filter((text) => !text.includes('.'));
const tree: fc.Memo<Json> = fc.memo((depth) => {
  const leaf = fc
    .jsonValue({ maxDepth: 1 })
    .filter((value) => !isBranch(value as Json)) as fc.Arbitrary<Json>;
  if (depth <= 1) return leaf;
  const entries = fc.array(fc.tuple(key, tree(depth - 1)), { maxLength: 4 });
  return fc.oneof(
    leaf,
    entries.map((all) => Object.fromEntries(all) as Json),
  );
});
const branch = tree(4).filter(isBranch);

test(
  'the difference of any two, made to the first, gives the second',
  () => {
    fc.assert(
      fc.property(branch, branch, (from, to) => {
        const reached = difference(from, to).reduce<Json>(
          (root, { path, value }) => setAt(root, path, value),
          from,
        );
        expect(JSON.parse(JSON.stringify(sorted(reached)))).toEqual(JSON.parse(JSON.stringify(sorted(to))));
        expect(difference(reached, to)).toEqual([]);
        expect(difference(to, to)).toEqual([]);
      }),
    );
  },
  SLOW_MS,
);

test(
  'what is set is found there, and nothing else has changed',
  () => {
    fc.assert(
      fc.property(branch, fc.array(key, { minLength: 1, maxLength: 4 }), tree(2), (root, keys, value) => {
        const path = keys.join('.');
        const changed = setAt(root, path, value);
        expect(getAt(changed, path)).toEqual(value);
        for (const other of Object.keys(root)) {
          if (other !== keys[0]) expect((changed as { [key: string]: Json })[other]).toBe(root[other]);
        }
      }),
    );
  },
  SLOW_MS,
);

/** With the keys of objects in one order. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isBranch(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((name) => [name, sorted(value[name]!)] as const);
  return Object.fromEntries(entries);
}
