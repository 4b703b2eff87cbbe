import { expect, test } from 'vitest';
import type { Role } from './roles';
import { verdicts } from './verdict';

const roles: Readonly<Record<string, Role>> = {
  teacher: 'teacher',
  student: 'student',
  second: 'student',
  control: 'control',
};
const roleOf = (model: string): Role => roles[model] ?? 'control';
const compared = (a: string, b: string, only_a_wrong: number, only_b_wrong: number, p_value: number) => ({
  a,
  b,
  only_a_wrong,
  only_b_wrong,
  p_value,
});

/** Verdicts of a run with these models and so many errors of each. */
function judged(comparisons: ReturnType<typeof compared>[], errors: Readonly<Record<string, number>>) {
  const errorsOf = (model: string): number => errors[model] ?? 0;
  return verdicts({ comparisons, models: Object.keys(errors), roleOf, errorsOf });
}

test('the verdict is about the student against the control, whichever comes first', () => {
  const found = judged(
    [compared('teacher', 'student', 1, 200, 0), compared('control', 'student', 300, 100, 1e-9)],
    { teacher: 60, student: 300, control: 500 },
  );
  const headline = {
    a: 'student',
    b: 'control',
    onlyAWrong: 100,
    onlyBWrong: 300,
    pValue: 1e-9,
    kind: 'better',
  };
  expect(found).toEqual([{ headline, others: [] }]);
});

test('the first sentence is about the control with the fewest errors, the others follow by their errors', () => {
  const comparisons = [
    compared('student', 'control', 100, 300, 1e-9),
    compared('student', 'regularised', 100, 110, 0.5),
    compared('student', 'smoothed', 100, 200, 1e-5),
    compared('control', 'regularised', 200, 20, 1e-9),
  ];
  const errors = { teacher: 60, student: 250, control: 450, regularised: 260, smoothed: 350 };
  const [verdict, ...more] = judged(comparisons, errors);
  expect(more).toEqual([]);
  expect(verdict?.headline).toMatchObject({ a: 'student', b: 'regularised', kind: 'same' });
  expect(verdict?.others.map(({ b, kind }) => [b, kind])).toEqual([
    ['smoothed', 'better'],
    ['control', 'better'],
  ]);
});

test('of controls with equally many errors the first of the comparisons is the strongest', () => {
  const comparisons = [
    compared('student', 'control', 1, 2, 0.9),
    compared('student', 'regularised', 1, 2, 0.9),
  ];
  expect(judged(comparisons, { student: 5, control: 6, regularised: 6 })[0]?.headline.b).toBe('control');
});

test('each student has a verdict of its own', () => {
  const comparisons = [
    compared('student', 'control', 1, 200, 0),
    compared('student', 'regularised', 1, 200, 0),
    compared('second', 'control', 300, 200, 0.001),
    compared('second', 'regularised', 300, 200, 0.001),
  ];
  const found = judged(comparisons, { student: 100, second: 500, control: 400, regularised: 300 });
  expect(found.map(({ headline: { a, b, kind } }) => [a, b, kind])).toEqual([
    ['student', 'regularised', 'better'],
    ['second', 'regularised', 'worse'],
  ]);
});

test('a difference that chance explains is none, whichever way it points', () => {
  const kind = (onlyA: number, onlyB: number, p: number) =>
    judged([compared('student', 'control', onlyA, onlyB, p)], { student: 1, control: 1 })[0]?.headline.kind;
  expect(kind(90, 100, 0.5)).toBe('same');
  expect(kind(200, 100, 0.001)).toBe('worse');
});

test('without a control the student is held against its teacher', () => {
  const found = judged([compared('teacher', 'student', 10, 200, 1e-9)], { teacher: 60, student: 250 });
  expect(found[0]?.headline.b).toBe('teacher');
});

test('a model that stopped is compared with nobody, and the teacher does not stand in for its control', () => {
  const errors = { teacher: 60, student: 250, control: 0 };
  expect(judged([compared('teacher', 'student', 10, 200, 1e-9)], errors)).toEqual([]);
});
