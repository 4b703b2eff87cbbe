import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { modelMarks } from './model-marks';
import { ROLE_MARKS } from './role-marks';

const tree = (models: Record<string, string[]>): Config =>
  ({
    models: Object.fromEntries(
      Object.entries(models).map(([name, teachers]) => [
        name,
        { learns_from: teachers.map((model) => ({ model })) },
      ]),
    ),
  }) as unknown as Config;

test('the first of a role looks as the role does everywhere', () => {
  const marks = modelMarks(tree({ teacher: [], student: ['teacher'], control: [] }));
  expect([...marks.values()]).toEqual([ROLE_MARKS.teacher, ROLE_MARKS.student, ROLE_MARKS.control]);
});

test('the models of a tree of ten are told apart without colour', () => {
  const chain = { a: [], b: ['a'], c: ['b'], d: ['c'], e: ['d'], f: ['a'], g: ['a'], h: [], i: ['e'], j: [] };
  const looks = [...modelMarks(tree(chain)).values()].map(
    (mark) => `${mark.colour} ${mark.dash} ${mark.symbol}`,
  );
  expect(new Set(looks).size).toBe(10);
});

test('an assistant keeps the colour of students and has a dash of its own', () => {
  const marks = modelMarks(tree({ teacher: [], assistant: ['teacher'], student: ['assistant'] }));
  expect(marks.get('assistant')?.colour).toBe(ROLE_MARKS.student.colour);
  expect(marks.get('assistant')?.dash).not.toBe(ROLE_MARKS.student.dash);
  expect(marks.get('student')).toEqual(ROLE_MARKS.student);
});
