/**
 * The soft terms of one digit and their gradients: the formulas of the crate's `src/distill/soft/`, in double precision, with
 * the sources named there.
 */

import type { SoftTerm } from '../engine/generated/types';
import { firstChoice, soften } from './softening';

/** What a soft term compares. */
export interface SoftRow {
  readonly logits: ArrayLike<number>;
  /** Probabilities of the teachers at T; logits for a term that compares those. */
  readonly targets: readonly number[];
  readonly label: number;
  readonly temperature: number;
}

export interface SoftLoss {
  /** Without weight or T². */
  readonly value: number;
  /** Of the value, in the logits. */
  readonly gradient: readonly number[];
}

/** The kind of a soft term: the name by which a config calls it. */
export type SoftKind = Extract<SoftTerm, string> | 'decoupled' | 'jensen_shannon';

/** A probability below it counts as this much: the crate's f32 keep logarithms finite so. */
const SMALLEST = 1e-30;
const lnOf = (p: number): number => Math.log(Math.max(p, SMALLEST));
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

export function kindOf(term: SoftTerm): SoftKind {
  if (typeof term === 'string') return term;
  return 'decoupled' in term ? 'decoupled' : 'jensen_shannon';
}

/** Whether targets are logits. */
export function comparesLogits(term: SoftTerm): boolean {
  return term === 'logit_mse';
}

/** Whether temperature and T² play a part. */
export function hasTemperature(term: SoftTerm): boolean {
  return term !== 'logit_mse' && term !== 'teacher_labels';
}

/** The temperature that both sides are softened at. */
export function softeningOf(term: SoftTerm, temperature: number): number {
  return hasTemperature(term) ? temperature : 1;
}

/** A soft term and its gradient; the targets are constants. */
export function softLoss(term: SoftTerm, row: SoftRow): SoftLoss {
  if (comparesLogits(term)) {
    const gradient = row.targets.map((target, i) => row.logits[i]! - target);
    return { value: sum(gradient.map((difference) => difference ** 2)) / 2, gradient };
  }
  const temperature = softeningOf(term, row.temperature);
  const { probabilities: q, logProbabilities: logQ } = soften(row.logits, temperature);
  const { value, slopes } = ofProbabilities(term, { p: row.targets, q, logQ, label: row.label });
  return { value, gradient: slopes.map((slope) => slope / temperature) };
}

interface Pair {
  readonly p: readonly number[];
  readonly q: readonly number[];
  readonly logQ: readonly number[];
  readonly label: number;
}

/** A value, and its gradient in z / T. */
interface Sloped {
  readonly value: number;
  readonly slopes: readonly number[];
}

function ofProbabilities(term: SoftTerm, pair: Pair): Sloped {
  const { p, q, logQ } = pair;
  switch (term) {
    case 'kl':
      return { value: sum(p.map((pi, i) => pi * (lnOf(pi) - logQ[i]!))), slopes: towards(pair) };
    case 'reverse_kl':
      return bySlopes(
        q,
        p.map((pi, i) => logQ[i]! - lnOf(pi)),
      );
    case 'teacher_labels': {
      const first = firstChoice(p);
      const labels = p.map((_, i) => (i === first ? 1 : 0));
      return ofProbabilities('cross_entropy', { ...pair, p: labels });
    }
    case 'cross_entropy':
    case 'logit_mse':
      return { value: -sum(p.map((pi, i) => pi * logQ[i]!)), slopes: towards(pair) };
  }
  if ('jensen_shannon' in term) return jensenShannon(term.jensen_shannon.beta ?? 0.5, pair);
  const { target = 1, non_target = 8 } = term.decoupled;
  return decoupled(target, non_target, pair);
}

/** The gradient of −Σ pᵢ ln qᵢ in z / T (Hinton et al. 2015, eq. 2). */
function towards({ p, q }: Pair): number[] {
  const all = sum(p);
  return p.map((pi, i) => q[i]! * all - pi);
}

/** A mean Σ qᵢ sᵢ over the student's probabilities, with the gradient qᵢ (sᵢ − Σ q s) in z / T. */
function bySlopes(q: readonly number[], slopes: readonly number[]): Sloped {
  const mean = sum(q.map((qi, i) => qi * slopes[i]!));
  return { value: mean, slopes: q.map((qi, i) => qi * (slopes[i]! - mean)) };
}

function jensenShannon(beta: number, { p, q, logQ }: Pair): Sloped {
  const logM = p.map((pi, i) => lnOf(beta * pi + (1 - beta) * q[i]!));
  const teachers = sum(p.map((pi, i) => beta * pi * (lnOf(pi) - logM[i]!)));
  const students = bySlopes(
    q,
    logQ.map((log, i) => (1 - beta) * (log - logM[i]!)),
  );
  return { value: teachers + students.value, slopes: students.slopes };
}

function decoupled(alpha: number, beta: number, { p, q, logQ, label }: Pair): Sloped {
  const others = p.map((_, i) => i).filter((i) => i !== label);
  const pOthers = sum(others.map((i) => p[i]!));
  // From logarithms: of a student that is sure and wrong the others' probabilities are zero in f64 as well.
  const largest = Math.max(...others.map((i) => logQ[i]!));
  const logOthers = largest + Math.log(sum(others.map((i) => Math.exp(logQ[i]! - largest))));
  const pHat = (i: number): number => p[i]! / Math.max(pOthers, SMALLEST);
  const logQHat = (i: number): number => logQ[i]! - logOthers;
  const target = p[label]! * (lnOf(p[label]!) - logQ[label]!) + pOthers * (lnOf(pOthers) - logOthers);
  const nonTarget = sum(others.map((i) => pHat(i) * (lnOf(pHat(i)) - logQHat(i))));
  const all = sum(p);
  const allHat = sum(others.map(pHat));
  const slopes = p.map((pi, i) => {
    if (i === label) return alpha * (q[i]! * all - pi);
    const qHat = Math.exp(logQHat(i));
    return alpha * qHat * (Math.exp(logOthers) * all - pOthers) + beta * (qHat * allHat - pHat(i));
  });
  return { value: alpha * target + beta * nonTarget, slopes };
}
