/** Which sheets an experiment's pictures lie on. */

import type { Data, Pictures } from './generated/types';

/** The split of the sheets that a transfer set's pictures lie on; null for the visitor's own, which are on none. */
export function learntFrom(
  pictures: Pictures | null | undefined,
  set: Data['set'] | undefined,
): 'train' | 'fashion' | null {
  if (pictures === 'own') return null;
  if (pictures === 'mnist' || pictures === 'fashion') return pictures === 'mnist' ? 'train' : 'fashion';
  return set === 'fashion' ? 'fashion' : 'train';
}

/** The split of the sheets that models are tested on. */
export function testedOn(set: Data['set'] | undefined): 'test' | 'fashion_test' {
  return set === 'fashion' ? 'fashion_test' : 'test';
}
