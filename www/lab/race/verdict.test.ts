import { expect, test } from 'vitest';
import type { Role } from '../../state/page-store';
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
  expect(findings([compared('student', 'control', 90, 100, 0.5)], roleOf)[0]?.kind).toBe('same');
  expect(findings([compared('student', 'control', 200, 100, 0.001)], roleOf)[0]?.kind).toBe('worse');
});

test('without a control the student is held against its teacher', () => {
  expect(findings([compared('teacher', 'student', 10, 200, 1e-9)], roleOf)[0]?.b).toBe('teacher');
});
