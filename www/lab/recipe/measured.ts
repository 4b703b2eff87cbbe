/** What several seeds say of a recipe, from the raw record that `distillery methods --record` writes. */

import { verdictOver } from '../../model/over-seeds';
import type { Kind } from '../../model/significance';

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

/** What it is about stands first, then whatever it is measured against. */
export const modelsOf = ({ model, against }: Measured): string[] => [model, ...Object.keys(against)];

/** The model against the other, by the rule of the command line's tables; null where no seed compares the two. */
export function verdict(against: Against): { kind: Kind; p: number } | null {
  const pairs = against.p.flatMap((p, seed) => {
    const [onlyA, onlyB] = [against.only_model_wrong[seed] ?? null, against.only_other_wrong[seed] ?? null];
    return p === null || onlyA === null || onlyB === null ? [] : [{ onlyA, onlyB, p }];
  });
  return verdictOver(pairs);
}
