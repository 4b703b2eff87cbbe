/** What several seeds say of a number, and of two models: the rule of the command line's tables, and Student's beside it. */

import { type Kind, kindOf } from './significance';
import { criticalT, power, twoSidedP } from './student-t';

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; null of a single seed. */
  readonly deviation: number | null;
}

/** Two models on the same digits under one seed. */
export interface PairOfSeed {
  readonly onlyA: number;
  readonly onlyB: number;
  /** McNemar's exact test. */
  readonly p: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Over the seeds that have a value; null where none has. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const found = values.filter((value) => value !== null);
  if (found.length === 0) return null;
  const mean = sum(found) / found.length;
  const squares = sum(found.map((value) => (value - mean) ** 2));
  return { mean, deviation: found.length > 1 ? Math.sqrt(squares / (found.length - 1)) : null };
}

/**
 * The first model against the second, as the command line's tables have it: the median p, of an even number of seeds the
 * larger of the middle two, and the difference over all of them. Null where no seed compares the two.
 */
export function verdictOver(pairs: readonly PairOfSeed[]): { kind: Kind; p: number } | null {
  const sorted = pairs.map(({ p }) => p).sort((a, b) => a - b);
  const p = sorted[Math.floor(sorted.length / 2)];
  if (p === undefined) return null;
  const [onlyA, onlyB] = [sum(pairs.map((pair) => pair.onlyA)), sum(pairs.map((pair) => pair.onlyB))];
  return { kind: kindOf(onlyA, onlyB, p), p };
}

const ALPHA = 0.05;

/** Ends of the 95 % interval of the mean, by t over the seeds; null of fewer than two. */
export function meanInterval(values: readonly number[]): readonly [number, number] | null {
  const found = spread(values);
  if (!found || found.deviation === null) return null;
  const reach = (criticalT(ALPHA, values.length - 1) * found.deviation) / Math.sqrt(values.length);
  return [found.mean - reach, found.mean + reach];
}

/** Two-sided p of the paired t-test on differences; null of fewer than two. Where all are one and the same it is 0, or 1 of 0. */
export function pairedT(differences: readonly number[]): number | null {
  const found = spread(differences);
  if (!found || found.deviation === null) return null;
  if (found.deviation === 0) return found.mean === 0 ? 1 : 0;
  const t = found.mean / (found.deviation / Math.sqrt(differences.length));
  return twoSidedP(t, differences.length - 1);
}

/** Beyond this many differences the exact test takes too long: 2^20 signs are a few milliseconds. */
export const MOST_FLIPPED = 20;

/**
 * Fisher's exact permutation test of pairs, two-sided: of all ways to turn the signs of the differences, the share whose sum is
 * at least as far from 0. Null for more than `MOST_FLIPPED` of them.
 */
export function signFlipP(differences: readonly number[]): number | null {
  if (differences.length === 0 || differences.length > MOST_FLIPPED) return null;
  const found = Math.abs(sum(differences));
  // The first sign may stay: every way has its mirror.
  const [first = 0, ...others] = differences;
  let atLeast = 0;
  const ways = 2 ** others.length;
  for (let way = 0; way < ways; way += 1) {
    let total = first;
    for (let at = 0; at < others.length; at += 1) total += (way >> at) & 1 ? -others[at]! : others[at]!;
    if (Math.abs(total) >= found) atLeast += 1;
  }
  return atLeast / ways;
}

/** Power that is usually asked of a test. */
export const POWER = 0.8;
/** Nobody runs more seeds than this to decide a difference so small. */
export const MOST_SEEDS_TOLD = 100;

/**
 * How many seeds a paired t-test needs to find such a difference four times of five, if mean and deviation are what these seeds
 * say; null where it takes more than `MOST_SEEDS_TOLD`, or where fewer than two seeds tell nothing of a deviation.
 */
export function seedsToDecide({ mean, deviation }: Spread): number | null {
  if (deviation === null || mean === 0) return null;
  const effect = Math.abs(mean) / deviation;
  for (let seeds = 2; seeds <= MOST_SEEDS_TOLD; seeds += 1) {
    // Of no deviation at all the effect is endless, and two seeds tell.
    if (effect === Number.POSITIVE_INFINITY) return seeds;
    if (power(effect * Math.sqrt(seeds), seeds - 1, ALPHA) >= POWER) return seeds;
  }
  return null;
}
