/** How far two models' answers to the same digits are apart. */

import { NO_CHOICE } from './first-choices';
import { CLASSES } from './softening';

/** Digits on which both make the same first choice; where neither has one they agree on nothing. */
export function agreementOf(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, choice, at) => sum + (choice === b[at] && choice !== NO_CHOICE ? 1 : 0), 0);
}

/** ln Σ exp(z / T) of the ten classes from `start` on. */
function logSum(logits: ArrayLike<number>, start: number, temperature: number): number {
  let largest = logits[start]!;
  for (let i = start + 1; i < start + CLASSES; i += 1) largest = Math.max(largest, logits[i]!);
  let sum = 0;
  for (let i = start; i < start + CLASSES; i += 1) sum += Math.exp((logits[i]! - largest) / temperature);
  return largest / temperature + Math.log(sum);
}

/**
 * Mean KL(p‖q) in nats of two models' probabilities at T, ten logits a digit: for thousands of digits at once, within the frame
 * of a slider. Null for no digits.
 */
export function meanDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  temperature: number,
): number | null {
  const digits = Math.min(p.length, q.length) / CLASSES;
  if (digits === 0) return null;
  let sum = 0;
  for (let start = 0; start < digits * CLASSES; start += CLASSES) {
    const [ofP, ofQ] = [logSum(p, start, temperature), logSum(q, start, temperature)];
    for (let i = start; i < start + CLASSES; i += 1) {
      const logP = p[i]! / temperature - ofP;
      const probability = Math.exp(logP);
      // 0 · −∞ is 0 here by its limit.
      if (probability > 0) sum += probability * (logP - (q[i]! / temperature - ofQ));
    }
  }
  return Math.max(0, sum / digits);
}
