/** The figures of a step: each digit's loss before and after, and what the batch makes of them. */

import type { Combine, LossTerms, Model } from '../../../engine/generated/types';
import { digitLoss, type LossMix } from '../../../model/digit-loss';
import { valueAt } from '../../../model/schedule';
import type { Worked } from '../loss-formulas';

/** What a batch was asked, and what came back, a row a digit. */
export interface Answered {
  readonly labels: readonly number[];
  readonly logits: readonly ArrayLike<number>[];
  /** By teacher, then by digit. */
  readonly taught: readonly (readonly ArrayLike<number>[])[];
}

export function workedOf({ labels, logits, taught }: Answered, spec: Model, mix: LossMix): Worked[] {
  const combine: Combine = spec.combine ?? 'mean_of_probabilities';
  return labels.map((label, row) => {
    const teachers = taught.map((rows, i) => ({
      logits: rows[row]!,
      weight: spec.learns_from?.[i]?.weight ?? 1,
    }));
    const asked = { logits: logits[row]!, label, teachers, combine };
    return { asked, mix, loss: digitLoss(asked, mix) };
  });
}

/** Means over the batch. */
export interface BatchLoss {
  readonly hard: number;
  readonly soft: number | null;
  readonly total: number;
}

const mean = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0) / values.length;

export function batchLoss(worked: readonly Worked[]): BatchLoss {
  const softs = worked.flatMap(({ loss }) => (loss.soft ? [loss.soft.value] : []));
  return {
    hard: mean(worked.map(({ loss }) => loss.hard.value)),
    soft: softs.length === 0 ? null : mean(softs),
    total: mean(worked.map(({ loss }) => loss.total)),
  };
}

/** What a step's losses are as the engine told them, without terms on layers, which logits do not tell. */
export function toldOnLogits({ total, imitated = [] }: LossTerms, weights: readonly number[]): number | null {
  if (total === null) return null;
  return total - imitated.reduce<number>((all, term, i) => all + (term ?? 0) * (weights[i] ?? 0), 0);
}

/** The weights of a model's terms on layers at a progress of training. */
export function imitationWeights(spec: Model, progress: number): number[] {
  return (spec.objective?.imitates ?? []).map(({ weight }) => valueAt(weight, progress));
}
