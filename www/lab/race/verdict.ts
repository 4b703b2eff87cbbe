/** Which comparison answers whether the teacher has helped, and what it says. */

import type { Comparison } from '../../engine/generated/types';
import type { Role } from '../../model/roles';

/** Below this a difference counts as one. */
export const SIGNIFICANT = 0.05;

export interface Finding {
  /** The model the sentence is about: a student. */
  readonly a: string;
  readonly b: string;
  readonly onlyAWrong: number;
  readonly onlyBWrong: number;
  readonly pValue: number;
  readonly kind: 'better' | 'worse' | 'same';
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
  const isClear = pValue < SIGNIFICANT;
  const kind = isClear ? (onlyAWrong < onlyBWrong ? 'better' : 'worse') : 'same';
  return { a, b, onlyAWrong, onlyBWrong, pValue, kind };
}
