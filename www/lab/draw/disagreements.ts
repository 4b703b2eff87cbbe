/** Test digits on which two models' first choices differ, by who is right. */

export interface Disagreement {
  readonly index: number;
  readonly label: number;
  readonly a: number;
  readonly b: number;
}

/** Who is right where two models differ. */
export type Outcome = 'a' | 'b' | 'neither';

export const OUTCOMES: readonly Outcome[] = ['a', 'b', 'neither'];

export function outcomeOf({ label, a, b }: Disagreement): Outcome {
  if (a === label) return 'a';
  return b === label ? 'b' : 'neither';
}

/** Indices on which the choices differ, rising; both lists run by index. */
export function differing(a: readonly number[], b: readonly number[]): number[] {
  const indices: number[] = [];
  a.forEach((choice, index) => {
    if (choice !== b[index]) indices.push(index);
  });
  return indices;
}
