/** What the charts draw, taken from a run. */

import type { EpochMeasures } from '../../engine/generated/types';
import type { Role } from '../../state/page-store';
import type { Store } from '../../state/store.svelte';

export interface ModelSeries {
  readonly model: string;
  readonly role: Role;
  /** Whether it is measured once and does not learn: a line across the chart. */
  readonly fixed: boolean;
  readonly measures: readonly EpochMeasures[];
}

/** Every model of the run with its measures, in the config's order. */
export function modelSeries(store: Store): ModelSeries[] {
  return store.run.models.map(({ name, epochs }) => ({
    model: name,
    role: store.roleOf(name),
    fixed: epochs === 0,
    // Epoch 0 of a model that learns is chance and would only squeeze the axis.
    measures: store.run.soundMeasures(name).filter(({ epoch }) => epochs === 0 || epoch > 0),
  }));
}

/** Correct digits in per cent. */
export function accuracy(measures: EpochMeasures): number {
  return 100 * (1 - measures.errors / measures.evaluated);
}

/** A model's measures after an epoch; those of a model that does not learn hold for every epoch. */
export function measuresAt(series: ModelSeries, epoch: number): EpochMeasures | null {
  if (series.fixed) return series.measures[0] ?? null;
  return series.measures.find((measures) => measures.epoch === epoch) ?? null;
}
