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
