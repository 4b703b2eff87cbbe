/** What the charts draw, taken from a run. */

import type { EpochMeasures } from '../../engine/generated/types';
import { type Role, roleOf } from '../../model/roles';
import type { PageStore } from '../../state/page-store';

export interface ModelSeries {
  readonly model: string;
  readonly role: Role;
  /** Whether it is measured once and does not learn: a line across the chart. */
  readonly fixed: boolean;
  /** Why there are no measures after some epoch: it took its last one, ended early, or was stopped; null if it goes on. */
  readonly ended: 'finished' | 'early' | 'stopped' | null;
  readonly measures: readonly EpochMeasures[];
}

/** Every model of the run with its measures, in the config's order. */
export function modelSeries(store: Pick<PageStore, 'run' | 'shownConfig'>): ModelSeries[] {
  return store.run.models.map(({ name, epochs }) => {
    // Epoch 0 of a model that learns is chance and would only squeeze the axis.
    const measures = store.run.soundMeasures(name).filter(({ epoch }) => epochs === 0 || epoch > 0);
    const last = measures.at(-1)?.epoch === epochs ? 'finished' : null;
    return {
      model: name,
      role: roleOf(store.shownConfig, name),
      fixed: epochs === 0,
      ended: store.run.stoppedBy(name) ? 'stopped' : store.run.endedEarly.has(name) ? 'early' : last,
      measures,
    };
  });
}

/** Where the axis of epochs ends: what the run will take, before a run what the settings say. */
export function epochsOnAxis({ run, experiment }: Pick<PageStore, 'experiment' | 'run'>): number {
  return Math.max(1, run.epochsTotal || experiment.config?.training?.epochs || 1);
}

/** Correct digits in per cent. */
export function accuracy(measures: EpochMeasures): number {
  return 100 * (1 - measures.errors / measures.evaluated);
}

/**
 * A model's measures after an epoch. Those of a model that does not learn hold for every epoch, and the last ones of a model
 * that took its last epoch, or ended early, for all that follow: its weights stay.
 */
export function measuresAt(series: ModelSeries, epoch: number): EpochMeasures | null {
  const { fixed, ended, measures } = series;
  if (fixed) return measures[0] ?? null;
  const last = measures.at(-1);
  if ((ended === 'early' || ended === 'finished') && last && last.epoch < epoch) return last;
  return measures.find((one) => one.epoch === epoch) ?? null;
}
