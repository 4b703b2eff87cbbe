/** Two models on the same digits: which digits only the one or the other gets wrong, and how likely that is by chance. */

export interface DigitsApart {
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
  readonly both: number;
  /** McNemar's exact test, two-sided, as in a record's comparisons. */
  readonly pValue: number;
}

/** `a` and `b`: indices of the digits that each gets wrong. */
export function digitsApart(a: readonly number[], b: readonly number[]): DigitsApart {
  const [ofA, ofB] = [new Set(a), new Set(b)];
  const onlyA = a.filter((index) => !ofB.has(index));
  const onlyB = b.filter((index) => !ofA.has(index));
  return { onlyA, onlyB, both: a.length - onlyA.length, pValue: mcNemar(onlyA.length, onlyB.length) };
}

/**
 * McNemar's exact test, two-sided (McNemar 1947): the probability that of so many tosses of a fair coin at least as many more
 * fall on one side. The crate's is statrs's; a test holds this one to what records say.
 */
export function mcNemar(onlyA: number, onlyB: number): number {
  const tosses = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  // Logarithms, as 2^−tosses may be too small for a double.
  let log = -tosses * Math.LN2;
  let tail = Math.exp(log);
  for (let k = 1; k <= fewer; k += 1) {
    log += Math.log((tosses - k + 1) / k);
    tail += Math.exp(log);
  }
  return Math.min(1, 2 * tail);
}
