/**
 * A class that a student never saw has a bias that is much too low (Hinton et al. 2015, section 3). What biases do to errors, and
 * which shift does best, by the rule of `distillery hinton-2015` (`src/cli/hinton.rs`): tenths, added in single precision.
 */

import { CLASSES, firstChoice, soften } from '../../model/softening';

/** Digits as a model sees them: ten logits a digit. */
export interface Seen {
  readonly logits: Float32Array;
  readonly labels: readonly number[];
}

/** What is added to each class's logits, in tenths. */
export type Biases = readonly number[];

export interface Errors {
  readonly all: number;
  /** Wrong digits of each class. */
  readonly by: readonly number[];
  /** How many digits of each class there are. */
  readonly of: readonly number[];
}

/** How far a bias may be moved either way. */
export const MOST_TENTHS = 150;

export const UNMOVED: Biases = Array(CLASSES).fill(0);

/** The same shift for some classes. */
export const shifted = (classes: readonly number[], tenths: number): Biases =>
  UNMOVED.map((_, digit) => (classes.includes(digit) ? tenths : 0));

/** The classes to move: those left out, or where these are most, those that were seen, the other way. */
export function classesToMove(leftOut: readonly number[]): readonly number[] {
  const [missing, seen] = [true, false].map((is) =>
    UNMOVED.map((_, c) => c).filter((c) => leftOut.includes(c) === is),
  );
  return missing!.length <= CLASSES / 2 ? missing! : seen!;
}

export function errorsWith(seen: Seen, biases: Biases): Errors {
  const by = UNMOVED.map(() => 0);
  const of = UNMOVED.map(() => 0);
  const shifts = Float32Array.from(biases, (tenths) => tenths / 10);
  const row = new Float32Array(CLASSES);
  let all = 0;
  for (const [i, label] of seen.labels.entries()) {
    of[label]! += 1;
    for (let digit = 0; digit < CLASSES; digit += 1)
      row[digit] = seen.logits[i * CLASSES + digit]! + shifts[digit]!;
    if (firstChoice(row) === label) continue;
    all += 1;
    by[label]! += 1;
  }
  return { all, by, of };
}

/** The shift of these classes with the fewest errors; of several the smallest, and up before down. */
export function bestShift(seen: Seen, classes: readonly number[], most = MOST_TENTHS): number {
  let best = 0;
  let fewest = errorsWith(seen, UNMOVED).all;
  for (let size = 1; size <= most; size += 1) {
    for (const tenths of [size, -size]) {
      const { all } = errorsWith(seen, shifted(classes, tenths));
      if (all < fewest) [fewest, best] = [all, tenths];
    }
  }
  return best;
}

/**
 * What makes up for class frequencies alone: for each class the logarithm of its share among the digits over the mean probability
 * that the model gives it on those that it learnt from. No digit's own label is looked at, only how many of each there are.
 */
export function byFrequency(seen: Seen, leftOut: readonly number[], most = MOST_TENTHS): Biases {
  const given = UNMOVED.map(() => 0);
  const shares = UNMOVED.map(() => 0);
  let learnt = 0;
  for (const [i, label] of seen.labels.entries()) {
    shares[label]! += 1 / seen.labels.length;
    if (leftOut.includes(label)) continue;
    learnt += 1;
    const { probabilities } = soften(seen.logits.subarray(i * CLASSES, (i + 1) * CLASSES), 1);
    for (const [digit, probability] of probabilities.entries()) given[digit]! += probability;
  }
  return shares.map((share, digit) => {
    const tenths = Math.round(10 * Math.log((share * learnt) / given[digit]!));
    // A class that is nowhere, in either, has no frequency to make up for.
    return Number.isNaN(tenths) ? 0 : Math.max(-most, Math.min(most, tenths));
  });
}
