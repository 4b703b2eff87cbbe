import { expect, test } from 'vitest';
import type { Role } from '../../model/roles';
import { findings } from './verdict';

const roles: Readonly<Record<string, Role>> = { teacher: 'teacher', student: 'student', control: 'control' };
const roleOf = (model: string): Role => roles[model] ?? 'control';
const compared = (a: string, b: string, only_a_wrong: number, only_b_wrong: number, p_value: number) => ({
  a,
  b,
  only_a_wrong,
  only_b_wrong,
  p_value,
});

test('the verdict is about the student against the control, whichever comes first', () => {
  const [found] = findings(
    [compared('teacher', 'student', 1, 200, 0), compared('control', 'student', 300, 100, 1e-9)],
    ['teacher', 'student', 'control'],
    roleOf,
  );
  expect(found).toEqual({
    a: 'student',
    b: 'control',
    onlyAWrong: 100,
    onlyBWrong: 300,
    pValue: 1e-9,
    kind: 'better',
  });
});

test('a difference that chance explains is none, whichever way it points', () => {
  const kind = (onlyA: number, onlyB: number, p: number) =>
    findings([compared('student', 'control', onlyA, onlyB, p)], ['student', 'control'], roleOf)[0]?.kind;
  expect(kind(90, 100, 0.5)).toBe('same');
  expect(kind(200, 100, 0.001)).toBe('worse');
});

test('without a control the student is held against its teacher', () => {
  const models = ['teacher', 'student'];
  expect(findings([compared('teacher', 'student', 10, 200, 1e-9)], models, roleOf)[0]?.b).toBe('teacher');
});

test('a model that stopped is compared with nobody, and the teacher does not stand in for its control', () => {
  const models = ['teacher', 'student', 'control'];
  expect(findings([compared('teacher', 'student', 10, 200, 1e-9)], models, roleOf)).toEqual([]);
});
