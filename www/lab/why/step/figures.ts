/** The figures of a step: each digit's loss before and after, and what the batch makes of them. */

import type { Combine, LossTerms, Model } from '../../../engine/generated/types';
import { digitLoss, type LossMix, softFactor } from '../../../model/digit-loss';
import { valueAt } from '../../../model/schedule';
import { kindOf } from '../../../model/soft-terms';
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

/** What a step's losses on the logits are as the engine told them. */
export function toldOnLogits({ hard, soft, total, imitated = [] }: LossTerms, mix: LossMix): number | null {
  if (imitated.length === 0) return total;
  // Taking terms on layers off the total would lose what is small beside them.
  return hard === null && soft === null ? null : mix.hardWeight * (hard ?? 0) + softFactor(mix) * (soft ?? 0);
}

/** What a step's terms on layers add to its loss; null for a model that has none. */
export function toldOnLayers({ imitated = [] }: LossTerms, weights: readonly number[]): number | null {
  if (imitated.length === 0) return null;
  return imitated.reduce<number>((all, term, i) => all + (term ?? 0) * (weights[i] ?? 0), 0);
}

/** The weights of a model's terms on layers at a progress of training. */
export function imitationWeights(spec: Model, progress: number): number[] {
  return (spec.objective?.imitates ?? []).map(({ weight }) => valueAt(weight, progress));
}

/**
 * What cross-entropy with the soft targets, as it counts in the batch's loss, cannot fall below: their entropy. Null for other terms,
 * and for none.
 */
export function leastSoft(worked: readonly Worked[]): number | null {
  const parts = worked.map(({ mix, loss: { soft, targets } }) =>
    soft && targets && kindOf(mix.soft) === 'cross_entropy' ? soft.factor * entropyOf(targets) : null,
  );
  return parts.every((part) => part !== null) ? mean(parts) : null;
}

const entropyOf = (targets: readonly number[]): number =>
  -targets.reduce((all, p) => all + (p > 0 ? p * Math.log(p) : 0), 0);
