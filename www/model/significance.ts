/** When two models are told apart: the one threshold of every verdict on the page. */

/** Below this a difference counts as one. */
export const SIGNIFICANT = 0.05;

export type Kind = 'better' | 'worse' | 'same';

/** What McNemar's test says of the first of two models, by the digits that only the one or the other gets wrong. */
export function kindOf(onlyAWrong: number, onlyBWrong: number, pValue: number): Kind {
  if (pValue >= SIGNIFICANT) return 'same';
  return onlyAWrong < onlyBWrong ? 'better' : 'worse';
}
