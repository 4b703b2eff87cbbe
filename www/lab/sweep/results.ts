/** What the cells of a sweep come to: errors of each model at each point of the grid, over the seeds. */

import type { Cell, Config, ModelCost, ModelRecord } from '../../engine/generated/types';
import { own } from '../../model/own';
import { checkpointOf } from '../../model/roles';
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

/** Names of the models that a sweep trains; a shipped one is the same in every cell. */
export function trainedModels(config: Config | null): string[] {
  return Object.keys(config?.models ?? {}).filter((name) => checkpointOf(config, name) === null);
}

/** Paths of the fields that a cell sets. */
export function sweptPaths(name: Cell['name']): string[] {
  return Object.keys(name).filter((path) => path !== 'seed');
}

/** What tells a cell from those that are no other seed of it, as people read it: one width in brackets is that width. */
export function swept(name: Cell['name']): string {
  const values = sweptPaths(name).map((path) => JSON.stringify(name[path]).replace(/^\[(.*)\]$/, '$1'));
  return values.join(' · ');
}

/** The values of all cells, each once, in their order. */
export function sweptValues(cells: readonly Pick<Cell, 'name'>[]): string[] {
  return [...new Set(cells.map(({ name }) => swept(name)))];
}

/** Whether a model was stopped because its training had failed; early stop is an end like any other. */
function wasStopped({ stopped }: ModelRecord): boolean {
  return (stopped ?? null) !== null && stopped !== 'patience_spent';
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
      const errors = here.flatMap(({ record }) => {
        const found = own(record.models, model);
        const last = found?.epochs.at(-1);
        return found && last && !wasStopped(found) ? [last.errors] : [];
      });
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
