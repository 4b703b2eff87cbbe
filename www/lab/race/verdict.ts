/** Which comparison answers whether the teacher has helped, and what it says. */

import type { Comparison } from '../../engine/generated/types';
import type { Role } from '../../model/roles';
import { type Kind, kindOf } from '../../model/significance';

export interface Finding {
  /** The model the sentence is about: a student. */
  readonly a: string;
  readonly b: string;
  readonly onlyAWrong: number;
  readonly onlyBWrong: number;
  readonly pValue: number;
  readonly kind: Kind;
}

/**
 * Every student against every control of the run, in the order of the comparisons; in a run without a control, against
 * teachers. A model that was stopped is in no comparison.
 */
export function findings(
  comparisons: readonly Comparison[],
  models: readonly string[],
  roleOf: (model: string) => Role,
): Finding[] {
  const against = (role: Role): Finding[] =>
    comparisons.flatMap((comparison) => {
      const { a, b, only_a_wrong, only_b_wrong, p_value } = comparison;
      if (roleOf(a) === 'student' && roleOf(b) === role)
        return [finding(a, b, only_a_wrong, only_b_wrong, p_value)];
      if (roleOf(b) === 'student' && roleOf(a) === role)
        return [finding(b, a, only_b_wrong, only_a_wrong, p_value)];
      return [];
    });
  return against(models.some((model) => roleOf(model) === 'control') ? 'control' : 'teacher');
}

function finding(a: string, b: string, onlyAWrong: number, onlyBWrong: number, pValue: number): Finding {
  return { a, b, onlyAWrong, onlyBWrong, pValue, kind: kindOf(onlyAWrong, onlyBWrong, pValue) };
}
