/**
 * What a model minimises, of one digit: hard_weight · hard + soft_weight · T² · soft, and the gradient of each in the logits, as
 * the crate's `src/distill/loss.rs` has it (Hinton et al. 2015, section 2). A step takes the mean of it over its batch.
 */

import type { Combine, Model, SoftTerm } from '../engine/generated/types';
import { combinedTargets, type Taught } from './combined-targets';
import { valueAt } from './schedule';
import { hasTemperature, softLoss } from './soft-terms';
import { soften } from './softening';

/** How the terms count at a moment of training. */
export interface LossMix {
  readonly hardWeight: number;
  /** Share of the label that is spread evenly over the classes. */
  readonly labelSmoothing: number;
  readonly softWeight: number;
  readonly soft: SoftTerm;
  readonly temperature: number;
  readonly tSquared: boolean;
}

/** The mix at a progress of training, 0 to 1; a model that nobody teaches learns from labels alone. */
export function mixAt(model: Model, progress: number): LossMix {
  const { hard_weight = 0.1, soft_weight, soft = 'cross_entropy', temperature = 4 } = model.objective ?? {};
  const { t_squared = true, label_smoothing = 0 } = model.objective ?? {};
  const hardWeight = valueAt(hard_weight, progress);
  const isTaught = (model.learns_from ?? []).length > 0;
  const softWeight =
    soft_weight === undefined || soft_weight === null ? 1 - hardWeight : valueAt(soft_weight, progress);
  return {
    hardWeight: isTaught ? hardWeight : 1,
    labelSmoothing: label_smoothing,
    softWeight: isTaught ? softWeight : 0,
    soft,
    temperature: valueAt(temperature, progress),
    tSquared: t_squared,
  };
}

/** What the soft term is multiplied by. */
export function softFactor({ softWeight, soft, temperature, tSquared }: LossMix): number {
  return softWeight * (tSquared && hasTemperature(soft) ? temperature ** 2 : 1);
}

export interface LossPart {
  /** Without what it is multiplied by. */
  readonly value: number;
  readonly factor: number;
  /** In the logits, of the factor times the value. */
  readonly gradient: readonly number[];
}

export interface DigitLoss {
  /** What the label says of each class, smoothed. */
  readonly labels: readonly number[];
  readonly hard: LossPart;
  /** What the teachers say of each class, probabilities or logits; null for a model that nobody teaches. */
  readonly targets: readonly number[] | null;
  readonly soft: LossPart | null;
  readonly total: number;
  readonly gradient: readonly number[];
}

export interface Asked {
  readonly logits: ArrayLike<number>;
  readonly label: number;
  readonly teachers: readonly Taught[];
  readonly combine: Combine;
}

export function digitLoss(asked: Asked, mix: LossMix): DigitLoss {
  const { probabilities: q, logProbabilities: logQ } = soften(asked.logits, 1);
  const spread = mix.labelSmoothing / q.length;
  const labels = q.map((_, i) => (i === asked.label ? 1 - mix.labelSmoothing : 0) + spread);
  const hard: LossPart = {
    value: -labels.reduce((sum, y, i) => sum + y * logQ[i]!, 0),
    factor: mix.hardWeight,
    gradient: labels.map((y, i) => mix.hardWeight * (q[i]! - y)),
  };
  const targets =
    asked.teachers.length === 0
      ? null
      : combinedTargets(asked.teachers, asked.combine, mix.soft, mix.temperature);
  const soft = targets && softPart(asked, targets, mix);
  return {
    labels,
    hard,
    targets,
    soft,
    total: hard.factor * hard.value + (soft ? soft.factor * soft.value : 0),
    gradient: hard.gradient.map((slope, i) => slope + (soft?.gradient[i] ?? 0)),
  };
}

function softPart({ logits, label }: Asked, targets: readonly number[], mix: LossMix): LossPart {
  const { value, gradient } = softLoss(mix.soft, { logits, targets, label, temperature: mix.temperature });
  const factor = softFactor(mix);
  return { value, factor, gradient: gradient.map((slope) => factor * slope) };
}

/** Length of a vector. */
export function norm(values: readonly number[]): number {
  return Math.hypot(...values);
}

/**
 * The gradient by central differences of the total: what the formulas are checked against. `step` is where f64 loses least to
 * rounding and to curvature together.
 */
export function differenceGradient(asked: Asked, mix: LossMix, step = 1e-5): number[] {
  const moved = (at: number, by: number): number => {
    const logits = Array.from(asked.logits, (logit, i) => (i === at ? logit + by : logit));
    return digitLoss({ ...asked, logits }, mix).total;
  };
  return Array.from(asked.logits, (_, i) => (moved(i, step) - moved(i, -step)) / (2 * step));
}
