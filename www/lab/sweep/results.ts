/** What the cells of a sweep come to: errors of each model at each point of the grid, over the seeds. */

import type { Cell, ModelCost } from '../../engine/generated/types';
import { own } from '../../model/own';
import { lastErrors, wasStopped } from '../../model/seed-figures';
import type { SweepLine } from '../../state/sweep.svelte';

export interface Point {
  readonly model: string;
  /** The values that are swept, as people read them. */
  readonly value: string;
  /** Errors of the seeds that are done, as they came. */
  readonly errors: readonly number[];
  readonly mean: number;
  /** What the model takes there; null for a record of before that was told. */
  readonly cost: ModelCost | null;
}

/** Paths of the fields that a cell sets. */
export function sweptPaths(name: Cell['name']): string[] {
  return Object.keys(name).filter((path) => path !== 'seed');
}

/** A value that is swept as people read it: one width in brackets is that width. */
export function valueWords(value: unknown): string {
  return JSON.stringify(value).replace(/^\[(.*)\]$/, '$1');
}

/** What tells a cell from those that are no other seed of it. */
export function swept(name: Cell['name']): string {
  return sweptPaths(name)
    .map((path) => valueWords(name[path]))
    .join(' · ');
}

/** The values of all cells, each once, in their order. */
export function sweptValues(cells: readonly Pick<Cell, 'name'>[]): string[] {
  return [...new Set(cells.map(({ name }) => swept(name)))];
}

/** How many races each model was stopped in, whose errors are in no point. */
export function stoppedRaces(lines: readonly SweepLine[], models: readonly string[]): Map<string, number> {
  const counts = models.map((model) => {
    const races = lines.filter(({ record }) => {
      const found = own(record.models, model);
      return found !== undefined && wasStopped(found);
    });
    return [model, races.length] as const;
  });
  return new Map(counts.filter(([, races]) => races > 0));
}

/** Points in the order of the values, then of the models. */
export function points(
  lines: readonly SweepLine[],
  values: readonly string[],
  models: readonly string[],
): Point[] {
  return values.flatMap((value) => {
    const here = lines.filter(({ cell }) => swept(cell) === value);
    return models.flatMap((model) => {
      const errors = here.flatMap(({ record }) => lastErrors(record, model) ?? []);
      if (errors.length === 0) return [];
      const mean = errors.reduce((sum, count) => sum + count, 0) / errors.length;
      const cost = own(here[0]?.record.costs, model) ?? null;
      return [{ model, value, errors, mean, cost }];
    });
  });
}

/** The point with the fewest errors on average; null without points. */
export function best(all: readonly Point[], model: string): Point | null {
  const own = all.filter((point) => point.model === model);
  return own.reduce<Point | null>(
    (found, point) => (found && found.mean <= point.mean ? found : point),
    null,
  );
}
