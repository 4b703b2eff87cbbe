/** Whether what a step waits for has come about. */

import { readFact, type Sources, type Value } from './facts';
import { COMPARISONS, type Comparison, type Condition } from './lesson';

const HOLDS: Readonly<Record<Exclude<Comparison, 'is'>, (value: number, bound: number) => boolean>> = {
  at_least: (value, bound) => value >= bound,
  at_most: (value, bound) => value <= bound,
  above: (value, bound) => value > bound,
  below: (value, bound) => value < bound,
};

function compares(value: Value, comparison: Comparison, bound: string | number | boolean): boolean {
  if (comparison === 'is') return value === bound;
  return typeof value === 'number' && typeof bound === 'number' && HOLDS[comparison](value, bound);
}

export function holds(condition: Condition, sources: Sources): boolean {
  const value = readFact(condition.fact, sources);
  return COMPARISONS.every((comparison) => {
    const bound = condition[comparison];
    return bound === undefined || compares(value, comparison, bound);
  });
}

export function allHold(conditions: readonly Condition[], sources: Sources): boolean {
  return conditions.every((condition) => holds(condition, sources));
}
