/** Which comparison answers whether the teacher has helped, and what it says. */

import type { Comparison } from '../engine/generated/types';
import type { Role } from './roles';
import { type Kind, kindOf } from './significance';

export interface Finding {
  /** The model the sentence is about: a student. */
  readonly a: string;
  readonly b: string;
  readonly onlyAWrong: number;
  readonly onlyBWrong: number;
  readonly pValue: number;
  readonly kind: Kind;
}

/** What is found of one student: against the strongest control first, as that alone says whether the teacher has helped. */
export interface Verdict {
  readonly headline: Finding;
  /** Against the other controls, the stronger first. */
  readonly others: readonly Finding[];
}

/** What a verdict is made of. */
interface Compared {
  readonly comparisons: readonly Comparison[];
  /** Every model of the run. */
  readonly models: readonly string[];
  readonly roleOf: (model: string) => Role;
  /** A model's errors on the digits of the comparisons. */
  readonly errorsOf: (model: string) => number;
}

/**
 * Each student, in the order of the comparisons, against every control of the run, that with the fewest errors first; in a run
 * without a control, against teachers. A model that was stopped is in no comparison.
 */
export function verdicts({ comparisons, models, roleOf, errorsOf }: Compared): Verdict[] {
  const other = models.some((model) => roleOf(model) === 'control') ? 'control' : 'teacher';
  const found = comparisons.flatMap(({ a, b, only_a_wrong, only_b_wrong, p_value }) => {
    if (roleOf(a) === 'student' && roleOf(b) === other)
      return [finding(a, b, only_a_wrong, only_b_wrong, p_value)];
    if (roleOf(b) === 'student' && roleOf(a) === other)
      return [finding(b, a, only_b_wrong, only_a_wrong, p_value)];
    return [];
  });
  return [...new Set(found.map(({ a }) => a))].map((student) => {
    const ofStudent = found.filter(({ a }) => a === student);
    const [headline, ...others] = ofStudent.sort((one, two) => errorsOf(one.b) - errorsOf(two.b));
    return { headline: headline!, others };
  });
}

function finding(a: string, b: string, onlyAWrong: number, onlyBWrong: number, pValue: number): Finding {
  return { a, b, onlyAWrong, onlyBWrong, pValue, kind: kindOf(onlyAWrong, onlyBWrong, pValue) };
}

/** What the test says of the first of two models, in whichever order they were compared; null where they were not. */
export function comparedIn(comparisons: readonly Comparison[], a: string, b: string): Kind | null {
  for (const one of comparisons) {
    const { only_a_wrong, only_b_wrong, p_value } = one;
    if (one.a === a && one.b === b) return kindOf(only_a_wrong, only_b_wrong, p_value);
    if (one.a === b && one.b === a) return kindOf(only_b_wrong, only_a_wrong, p_value);
  }
  return null;
}
