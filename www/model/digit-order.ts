/** The order in which the strip shows the test digits. */

import type { View } from './view';

/** What is known of the first so many test digits; both lists run by index. */
export interface Known {
  readonly labels: readonly number[];
  /** Entropy of the teacher's probabilities at T = 1 in nats; null until its logits are here. */
  readonly entropies: readonly (number | null)[];
  /** Natural logarithms of those probabilities, class by class; null until then. */
  readonly logProbabilities: readonly (readonly number[] | null)[];
}

/**
 * Indices of the known digits in the order asked for, only those of one class if `only` is given. Equal digits keep the
 * order of the set; digits that are not measured yet stand last. By likeness a class's own digits, which are like it above
 * all others, are left out unless it is the one that is shown.
 */
export function orderDigits(
  known: Known,
  { sort, only, like }: Pick<View, 'like' | 'only' | 'sort'>,
): number[] {
  const indices: number[] = [];
  known.labels.forEach((own, index) => {
    const isWanted = only === null ? sort !== 'like' || own !== like : own === only;
    if (isWanted) indices.push(index);
  });
  if (sort === 'label') return indices.sort((a, b) => known.labels[a]! - known.labels[b]! || a - b);
  if (sort === 'order') return indices;
  const rank = (index: number): number =>
    (sort === 'like' ? known.logProbabilities[index]?.[like] : known.entropies[index]) ?? -Infinity;
  // Two that are not measured differ by no number.
  return indices.sort((a, b) => rank(b) - rank(a) || a - b);
}
