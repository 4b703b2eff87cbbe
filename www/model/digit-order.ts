/** The order in which the strip shows the test digits. */

import type { Sort } from './view';

/** What is known of the first so many test digits; both lists run by index. */
export interface Known {
  readonly labels: readonly number[];
  /** Entropy of the teacher's probabilities at T = 1 in nats; null until its logits are here. */
  readonly entropies: readonly (number | null)[];
}

/**
 * Indices of the known digits in the order asked for, only those of one class if `label` is given.
 * Equal digits keep the order of the set; digits that are not measured yet stand last.
 */
export function orderDigits(known: Known, sort: Sort, label: number | null): number[] {
  const indices: number[] = [];
  known.labels.forEach((own, index) => {
    if (label === null || own === label) indices.push(index);
  });
  if (sort === 'label') return indices.sort((a, b) => known.labels[a]! - known.labels[b]! || a - b);
  if (sort === 'order') return indices;
  const doubt = (index: number): number => known.entropies[index] ?? -1;
  return indices.sort((a, b) => doubt(b) - doubt(a) || a - b);
}
