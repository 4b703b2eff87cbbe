import { expect, test } from 'vitest';
import { layoutTree } from './layout-tree';

const rowsOf = (teachers: Record<string, string[]>) =>
  Object.fromEntries(layoutTree(new Map(Object.entries(teachers))).nodes.map(({ name, row }) => [name, row]));

test('teachers stand above students, the control beside them', () => {
  expect(rowsOf({ teacher: [], student: ['teacher'], control: [] })).toEqual({
    teacher: 0,
    student: 1,
    control: 1,
  });
});

test('a chain has one row a generation', () => {
  expect(rowsOf({ a: [], b: ['a'], c: ['b'] })).toEqual({ a: 0, b: 1, c: 2 });
});

test('a circle or an unknown teacher, not valid but possible while typing, still has a layout', () => {
  expect(
    layoutTree(
      new Map([
        ['a', ['b']],
        ['b', ['a']],
        ['c', ['nobody']],
      ]),
    ).nodes,
  ).toHaveLength(3);
});

test('an ensemble too wide for a phone takes two rows, its student stands below both', () => {
  const tree = layoutTree(
    new Map<string, string[]>([
      ...['a', 'b', 'c', 'd', 'e'].map((name): [string, string[]] => [name, []]),
      ['s', ['a', 'b', 'c', 'd', 'e']],
    ]),
  );
  expect([tree.rows, tree.columns]).toEqual([3, 3]);
  expect(tree.nodes.find(({ name }) => name === 's')?.row).toBe(2);
});

test('students stand under their own teachers, so that edges do not cross', () => {
  const { nodes } = layoutTree(
    new Map<string, string[]>([
      ['left', []],
      ['right', []],
      ['of right', ['right']],
      ['of left', ['left']],
      ['control', []],
    ]),
  );
  const last = nodes.filter(({ row }) => row === 1).map(({ name }) => name);
  expect(last).toEqual(['of left', 'of right', 'control']);
});
