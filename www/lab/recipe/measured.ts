/** What several seeds say of a recipe, from the raw record that `distillery methods --record` writes. */

import { type Kind, kindOf } from '../../model/significance';

/** A line of the record; lists have an entry for each seed, null where an error stopped a model. */
export interface Measured {
  readonly recipe: string;
  /** The model that the recipe is about. */
  readonly model: string;
  readonly version: string;
  readonly engine: string;
  readonly target: string;
  /** Test digits. */
  readonly evaluated: number;
  readonly seeds: readonly number[];
  readonly errors: Readonly<Record<string, readonly (number | null)[]>>;
  readonly against: Readonly<Record<string, Against>>;
}

export interface Against {
  readonly only_model_wrong: readonly (number | null)[];
  readonly only_other_wrong: readonly (number | null)[];
  readonly p: readonly (number | null)[];
}

export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; null of a single seed. */
  readonly deviation: number | null;
}

/** What it is about stands first, then whatever it is measured against. */
export const modelsOf = ({ model, against }: Measured): string[] => [model, ...Object.keys(against)];

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Over the seeds that have a value; null where none has. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const found = known(values);
  if (found.length === 0) return null;
  const mean = sum(found) / found.length;
  const squares = sum(found.map((value) => (value - mean) ** 2));
  return { mean, deviation: found.length > 1 ? Math.sqrt(squares / (found.length - 1)) : null };
}

/**
 * The model against the other, as the command line's tables have it: the median p, of an even number of seeds the larger of
 * the middle two, and the difference over all of them. Null where no seed compares the two.
 */
export function verdict(against: Against): { kind: Kind; p: number } | null {
  const sorted = known(against.p).sort((a, b) => a - b);
  const p = sorted[Math.floor(sorted.length / 2)];
  if (p === undefined) return null;
  const [model, other] = [against.only_model_wrong, against.only_other_wrong].map((all) => sum(known(all)));
  return { kind: kindOf(model!, other!, p), p };
}
