/** The lines of the chart of chosen runs: one a run and model. */

import type { Config, EpochMeasures, Record as RunRecord } from '../../engine/generated/types';
import { type Role, roleOf } from '../../model/roles';

export interface Point {
  readonly epoch: number;
  /** Wrong digits among those evaluated, in per cent: runs may be measured on more digits or on fewer. */
  readonly percent: number;
}

export interface RunLine {
  readonly letter: string;
  readonly model: string;
  readonly role: Role;
  readonly points: readonly Point[];
  readonly last: EpochMeasures;
}

export interface LetteredRun {
  readonly letter: string;
  readonly record: RunRecord;
}

/** A, B, … Z, A2, B2, …: what tells runs apart in chart, legend and table. */
export function letterOf(place: number): string {
  const letter = String.fromCharCode(65 + (place % 26));
  return place < 26 ? letter : `${letter}${Math.floor(place / 26) + 1}`;
}

/** A model that does not learn is a level: its one measure at both ends. */
export function linesOf(runs: readonly LetteredRun[]): RunLine[] {
  const epochs = Math.max(1, ...runs.flatMap(({ record }) => lastEpochs(record)));
  return runs.flatMap(({ letter, record }) =>
    Object.entries(record.models).flatMap(([model, { epochs: measures }]): RunLine[] => {
      const last = measures.at(-1);
      if (!last) return [];
      const learnt = measures.filter(({ epoch }) => epoch > 0);
      const points =
        learnt.length > 0 ? learnt.map(pointOf) : [0, epochs].map((epoch) => ({ ...pointOf(last), epoch }));
      return [{ letter, model, role: roleOf(record.config as Config, model), points, last }];
    }),
  );
}

/** Models that any of the lines is of, each once. */
export function modelsOf(lines: readonly RunLine[]): string[] {
  return [...new Set(lines.map(({ model }) => model))];
}

const lastEpochs = ({ models }: RunRecord): number[] =>
  Object.values(models).flatMap(({ epochs }) => epochs.at(-1)?.epoch ?? []);

const pointOf = ({ epoch, errors, evaluated }: EpochMeasures): Point => ({
  epoch,
  percent: (100 * errors) / evaluated,
});
