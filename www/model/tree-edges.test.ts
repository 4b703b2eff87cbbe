import { expect, test } from 'vitest';
import { layoutTree } from './layout-tree';
import { edgesOf, nodeShare } from './tree-edges';

const edges = (teachers: Record<string, string[]>) =>
  edgesOf(layoutTree(new Map(Object.entries(teachers))), { rowPx: 100, nodePx: 60 });

test('an edge goes from the foot of the teacher to the head of the student', () => {
  expect(edges({ a: [], b: ['a'] }).map(({ from, to, path }) => [from, to, path])).toEqual([
    ['a', 'b', 'M50.00 60C50.00 80 50.00 80 50.00 100'],
  ]);
});

test('an edge past a generation goes beside the node between, not behind it', () => {
  const past = edges({ a: [], b: ['a'], c: ['a', 'b'] }).find(({ from, to }) => from === 'a' && to === 'c');
  const x = Number(/ ([\d.]+) 100V160/.exec(past?.path ?? '')?.[1]) / 100;
  expect(Math.abs(x - 0.5)).toBeGreaterThan(nodeShare(1) / 2);
});

test('every teacher of an ensemble has its edge', () => {
  expect(edges({ a: [], b: [], c: [], d: [], e: [], s: ['a', 'b', 'c', 'd', 'e'] })).toHaveLength(5);
});
