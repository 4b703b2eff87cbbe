/** First choices of many digits and what is counted over them: the crate's `src/measure/predictions.rs` and `calibration.rs`. */

import { CLASSES, soften } from './softening';

/** Stands for the first choice of a digit that has none, as one of its logits is no number. */
export const NO_CHOICE = 255;

/** The class of the largest logit of each digit; the lower class where two are equal. */
export function firstChoices(logits: Float32Array): Uint8Array {
  const choices = new Uint8Array(logits.length / CLASSES);
  for (let digit = 0; digit < choices.length; digit += 1) {
    const start = digit * CLASSES;
    let best = 0;
    for (let i = 0; i < CLASSES; i += 1) {
      const logit = logits[start + i]!;
      if (Number.isNaN(logit)) {
        best = NO_CHOICE;
        break;
      }
      if (logit > logits[start + best]!) best = i;
    }
    choices[digit] = best;
  }
  return choices;
}

/** Counts by label (row) and first choice (column); digits without a choice are in no column. */
export function confusionOf(choices: Uint8Array, labels: Uint8Array): number[][] {
  const counts = Array.from({ length: CLASSES }, () => new Array<number>(CLASSES).fill(0));
  choices.forEach((choice, digit) => {
    const row = counts[labels[digit]!];
    if (row && choice < CLASSES) row[choice]! += 1;
  });
  return counts;
}

/** Bins of confidence, as in Guo et al. 2017, section 3. */
export const BINS = 15;

export interface Bin {
  /** Confidences above `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly right: number;
  /** Mean confidence and share of right ones; null for an empty bin. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

export interface Reliability {
  readonly bins: readonly Bin[];
  /** Expected calibration error (Guo et al. 2017, eq. 3); null where a probability is no number. */
  readonly error: number | null;
}

/** The bin of a confidence; bin m, from 1, holds ((m − 1)/15, m/15]. */
export function binOf(confidence: number): number {
  return Math.min(BINS, Math.max(1, Math.ceil(confidence * BINS))) - 1;
}

/** How sure a model is of its first choices at T = 1, and how often they are right. */
export function reliabilityOf(logits: Float32Array, labels: Uint8Array): Reliability {
  const sums = Array.from({ length: BINS }, () => ({ count: 0, right: 0, confidence: 0 }));
  const choices = firstChoices(logits);
  for (const [digit, choice] of choices.entries()) {
    const row = logits.subarray(digit * CLASSES, (digit + 1) * CLASSES);
    const confidence = choice === NO_CHOICE ? Number.NaN : soften(row, 1).probabilities[choice]!;
    if (!Number.isFinite(confidence))
      return { bins: sums.map((_, at) => binFrom(at, sums[at]!)), error: null };
    const bin = sums[binOf(confidence)]!;
    bin.count += 1;
    bin.confidence += confidence;
    if (choice === labels[digit]) bin.right += 1;
  }
  const gaps = sums.reduce((all, { right, confidence }) => all + Math.abs(right - confidence), 0);
  return { bins: sums.map((sum, at) => binFrom(at, sum)), error: gaps / Math.max(1, choices.length) };
}

function binFrom(
  at: number,
  { count, right, confidence }: { count: number; right: number; confidence: number },
): Bin {
  const mean = (sum: number): number | null => (count === 0 ? null : sum / count);
  return {
    from: at / BINS,
    to: (at + 1) / BINS,
    count,
    right,
    confidence: mean(confidence),
    accuracy: mean(right),
  };
}
