/**
 * Softening: what temperature does to logits. Pure arithmetic in double precision, so that the
 * slider can answer within one frame and a test can compare every figure with one computed outside.
 * Hinton, Vinyals, Dean (2015), equation 1.
 */

/** Number of classes: the digits 0 to 9. */
export const CLASSES = 10;

/** One digit's class probabilities at one temperature, with their natural logarithms. */
export interface SoftTargets {
  readonly temperature: number;
  readonly probabilities: readonly number[];
  /** Kept beside the probabilities because those underflow to 0 where the logarithm is still exact. */
  readonly logProbabilities: readonly number[];
}

/**
 * softmax(logits / T). The largest logit is taken off first, so that no exponential overflows.
 * Throws a RangeError unless T is a positive finite number.
 */
export function soften(logits: ArrayLike<number>, temperature: number): SoftTargets {
  if (!(temperature > 0) || !Number.isFinite(temperature)) {
    throw new RangeError(`temperature: ${temperature} is not allowed; allowed: a number above 0`);
  }
  const first = firstChoice(logits);
  const shifted: number[] = [];
  let rest = 0;
  for (let i = 0; i < logits.length; i += 1) {
    const scaled = (logits[i]! - logits[first]!) / temperature;
    shifted.push(scaled);
    if (i !== first) rest += Math.exp(scaled);
  }
  // The largest adds exactly 1. Summed up with it, what the others add would be lost where T is small.
  const logSum = Math.log1p(rest);
  const logProbabilities = shifted.map((scaled) => scaled - logSum);
  const probabilities = shifted.map((scaled) => Math.exp(scaled) / (1 + rest));
  return { temperature, probabilities, logProbabilities };
}

/**
 * The entropy in nats of softmax(logits / T) of the ten classes from `start` on, without the probabilities themselves: for
 * thousands of digits at once. ln Σ e^s − Σ s e^s / Σ e^s, with s the logits over T less the largest.
 */
export function entropyOfLogits(logits: ArrayLike<number>, start: number, temperature: number): number {
  let first = start;
  for (let i = start; i < start + CLASSES; i += 1) if (logits[i]! > logits[first]!) first = i;
  let rest = 0;
  let weighted = 0;
  for (let i = start; i < start + CLASSES; i += 1) {
    if (i === first) continue;
    const scaled = (logits[i]! - logits[first]!) / temperature;
    const power = Math.exp(scaled);
    rest += power;
    // 0 · −∞ is 0 here by its limit.
    if (power > 0) weighted += scaled * power;
  }
  return Math.log1p(rest) - weighted / (1 + rest);
}

/** Shannon entropy −Σ p ln p in nats: 0 when sure, ln 10 ≈ 2.303 when all ten digits are equally likely. */
export function entropy(targets: SoftTargets): number {
  let sum = 0;
  targets.probabilities.forEach((p, i) => {
    // 0 · −∞ is 0 here by its limit.
    if (p > 0) sum -= p * targets.logProbabilities[i]!;
  });
  return Math.max(0, sum);
}

/** Kullback–Leibler divergence KL(p‖q) = Σ p ln(p / q) in nats, 0 when q equals p. */
export function klDivergence(p: SoftTargets, q: SoftTargets): number {
  let sum = 0;
  p.probabilities.forEach((probability, i) => {
    if (probability > 0) sum += probability * (p.logProbabilities[i]! - q.logProbabilities[i]!);
  });
  // Rounding may leave a sum of −1e-17 where both are equal.
  return Math.max(0, sum);
}

/** Index of the largest value, the first of equals. */
export function firstChoice(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
}

/** The class that takes most of the probability besides `label`. */
export function mostAlike(targets: SoftTargets, label: number): { digit: number; probability: number } {
  const others = targets.probabilities.map((p, i) => (i === label ? -1 : p));
  const digit = firstChoice(others);
  return { digit, probability: targets.probabilities[digit]! };
}
