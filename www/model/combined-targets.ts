/** What several teachers say together: the crate's `src/distill/soft_targets.rs`, of one digit and in double precision. */

import type { Combine, SoftTerm } from '../engine/generated/types';
import { comparesLogits, softeningOf } from './soft-terms';
import { soften } from './softening';

/** A teacher's logits of a digit, and its share among all teachers. */
export interface Taught {
  readonly logits: ArrayLike<number>;
  readonly weight: number;
}

/** The weighted mean of the teachers' rows, class by class. */
function mean(rows: readonly ArrayLike<number>[], teachers: readonly Taught[]): number[] {
  const all = teachers.reduce((sum, { weight }) => sum + weight, 0);
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, i) =>
    rows.reduce((sum, row, t) => sum + (row[i]! * teachers[t]!.weight) / all, 0),
  );
}

/** The weighted mean of the teachers' logits. */
export function combinedLogits(teachers: readonly Taught[]): number[] {
  return mean(
    teachers.map(({ logits }) => logits),
    teachers,
  );
}

/** What a soft term compares a student with: probabilities at T, or logits for a term that compares those. */
export function combinedTargets(
  teachers: readonly Taught[],
  combine: Combine,
  term: SoftTerm,
  temperature: number,
): number[] {
  if (comparesLogits(term)) return combinedLogits(teachers);
  const t = softeningOf(term, temperature);
  if (combine === 'mean_of_logits') return [...soften(combinedLogits(teachers), t).probabilities];
  return mean(
    teachers.map(({ logits }) => soften(logits, t).probabilities),
    teachers,
  );
}
