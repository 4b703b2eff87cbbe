/**
 * The soft term at high temperature: its gradient tends to (zᵢ − vᵢ) / (N T²), z the student's and v the teachers' logits, each
 * less its mean over the N classes (Hinton et al. 2015, eq. 4). So T² keeps the gradient's size, and what is left is the
 * matching of logits.
 */

import type { SoftTerm } from '../engine/generated/types';
import { combinedLogits, type Taught } from './combined-targets';
import { type Asked, digitLoss, type LossMix, norm } from './digit-loss';
import { hasTemperature } from './soft-terms';

/**
 * What a term's gradient is times that of the cross-entropy where student and teacher are nearly the same; null for terms that
 * do not tend to a matching of logits as T rises.
 */
export function limitFactor(term: SoftTerm): number | null {
  if (term === 'cross_entropy' || term === 'kl' || term === 'reverse_kl') return 1;
  if (typeof term === 'string' || !('jensen_shannon' in term)) return null;
  const { beta = 0.5 } = term.jensen_shannon;
  return beta * (1 - beta);
}

function centred(logits: ArrayLike<number>): number[] {
  const all = Array.from(logits);
  const mean = all.reduce((sum, logit) => sum + logit, 0) / all.length;
  return all.map((logit) => logit - mean);
}

/** (z − v) / (N T²) with each side less its mean, times the term's factor: without weight or T². */
export function limitGradient(
  logits: ArrayLike<number>,
  teachers: readonly Taught[],
  temperature: number,
  factor: number,
): number[] {
  const [z, v] = [centred(logits), centred(combinedLogits(teachers))];
  return z.map((logit, i) => (factor * (logit - v[i]!)) / (z.length * temperature ** 2));
}

/** The soft term's own gradient, without weight or T². */
export function softGradient(asked: Asked, mix: LossMix, temperature: number): readonly number[] {
  const bare = { ...mix, temperature, softWeight: 1, tSquared: false };
  return digitLoss(asked, bare).soft?.gradient ?? [];
}

/** How far the soft gradient is from its limit, as a share of the limit; null where there is none, or it is nothing. */
export function distanceFromLimit(asked: Asked, mix: LossMix, temperature: number): number | null {
  const factor = limitFactor(mix.soft);
  if (factor === null || asked.teachers.length === 0) return null;
  const limit = limitGradient(asked.logits, asked.teachers, temperature, factor);
  const size = norm(limit);
  if (size === 0) return null;
  return norm(softGradient(asked, mix, temperature).map((slope, i) => slope - limit[i]!)) / size;
}

/**
 * Length of the soft gradient over that of the hard one, both without their weights; `tSquared`: whether the soft term is
 * multiplied by T². Null where the hard one is nothing, and where nobody teaches.
 */
export function softToHard(
  asked: Asked,
  mix: LossMix,
  temperature: number,
  tSquared: boolean,
): number | null {
  const bare = { ...mix, temperature, tSquared, hardWeight: 1, softWeight: 1 };
  const { hard, soft } = digitLoss(asked, bare);
  const size = norm(hard.gradient);
  return soft && size > 0 ? norm(soft.gradient) / size : null;
}

/** Temperatures between which T² is checked to keep the gradient's size: high ones, where it does to the first order. */
export const CHECKED_TEMPERATURES = [1000, 2000] as const;

/**
 * The gradient's size at the second of those temperatures over that at the first, with T² and without; null for a term without
 * a temperature, and where student and teacher are the same.
 */
export function sizeKept(
  asked: Asked,
  mix: LossMix,
): { readonly with: number; readonly without: number } | null {
  if (asked.teachers.length === 0 || !hasTemperature(mix.soft)) return null;
  const [first, second] = CHECKED_TEMPERATURES;
  const before = norm(softGradient(asked, mix, first));
  if (before === 0) return null;
  const without = norm(softGradient(asked, mix, second)) / before;
  return { with: without * (second / first) ** 2, without };
}
