/** A sweep of two fields as a map: a cell for each pair of values, the best one, and those that are not told apart from it. */

import type { Cell, Record as RunRecord } from '../../engine/generated/types';
import { type PairOfSeed, pairedT, type Spread, spread, verdictOver } from '../../model/over-seeds';
import { own } from '../../model/own';
import { lastErrors } from '../../model/seed-figures';
import { SIGNIFICANT } from '../../model/significance';
import { digitsApart } from '../../runs/mcnemar';
import type { SweepLine } from '../../state/sweep.svelte';
import { sweptPaths, valueWords } from './results';

/** `even`: too close to the best to be told apart; `unknown`: not all of its seeds are done, or nothing compares it. */
type Standing = 'best' | 'even' | 'apart' | 'unknown';

export interface MapCell {
  readonly column: string;
  readonly row: string;
  /** The cell's first seed, whose config stands for it. */
  readonly cell: Cell;
  /** Errors of the seeds that are done, or the errors less than the other's: the first seed first. */
  readonly values: readonly number[];
  readonly spread: Spread | null;
  readonly standing: Standing;
  /** Against the best: p of the command line's rule, or of gains by the paired t-test; null for the best itself, and where nothing compares the two. */
  readonly p: number | null;
}

export interface SweepMap {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly MapCell[];
  /** Seeds that the best was chosen by: those that every cell has. */
  readonly seeds: number;
}

interface Point {
  readonly column: string;
  readonly row: string;
  readonly cell: Cell;
  readonly records: readonly RunRecord[];
}

/**
 * Of a model's errors, or of how many fewer they are than those of `against`, seed by seed. Null for a sweep of other than two
 * fields.
 */
export function sweepMap(
  cells: readonly Cell[],
  lines: readonly SweepLine[],
  model: string,
  against: string | null = null,
): SweepMap | null {
  const [across, down, ...more] = sweptPaths(cells[0]?.name ?? {});
  if (across === undefined || down === undefined || more.length > 0) return null;
  const at = (name: Cell['name']): string => `${JSON.stringify(name[across])} ${JSON.stringify(name[down])}`;
  const recordsAt = new Map<string, RunRecord[]>();
  for (const { cell, record } of lines.toSorted(bySeed))
    recordsAt.set(at(cell), [...(recordsAt.get(at(cell)) ?? []), record]);
  const points = cells
    .filter(({ name }) => name.seed === cells[0]?.name.seed)
    .map((cell): Point => {
      const records = recordsAt.get(at(cell.name)) ?? [];
      return { column: valueWords(cell.name[across]), row: valueWords(cell.name[down]), cell, records };
    });
  const judging = against === null ? byErrors(model) : byGain(model, against);
  const seeds = commonSeeds(points, judging);
  return {
    columns: [...new Set(points.map(({ column }) => column))],
    rows: [...new Set(points.map(({ row }) => row))],
    cells: judged(points, judging, seeds),
    seeds,
  };
}

function bySeed(one: SweepLine, other: SweepLine): number {
  return Number(one.cell.seed) - Number(other.cell.seed);
}

/** What a cell is judged by. */
interface Judging {
  readonly valueIn: (record: RunRecord) => number | null;
  /** Whether the least is the best. */
  readonly isLeast: boolean;
  /** Whether one cell is told apart from the best, and by what p; null where nothing compares them. */
  readonly against: (
    point: Point,
    best: Point,
    seeds: number,
  ) => { standing: 'even' | 'apart'; p: number } | null;
}

const byErrors = (model: string): Judging => ({
  valueIn: (record) => lastErrors(record, model),
  isLeast: true,
  against: (point, best, seeds) => {
    const verdict = verdictOver(pairsOf(point, best, model, seeds));
    return verdict && { standing: verdict.kind === 'same' ? 'even' : 'apart', p: verdict.p };
  },
});

/** How many fewer errors a model makes than another; cells are compared by the differences of their gains, seed by seed. */
const byGain = (model: string, other: string): Judging => {
  const valueIn = (record: RunRecord): number | null => {
    const [ours, theirs] = [lastErrors(record, model), lastErrors(record, other)];
    return ours === null || theirs === null ? null : theirs - ours;
  };
  return {
    valueIn,
    isLeast: false,
    against: (point, best, seeds) => {
      const differences = point.records.slice(0, seeds).flatMap((record, seed) => {
        const bestRecord = best.records[seed];
        if (!bestRecord || digitsOf(record) !== digitsOf(bestRecord)) return [];
        const [gain, most] = [valueIn(record), valueIn(bestRecord)];
        return gain === null || most === null ? [] : [most - gain];
      });
      const p = pairedT(differences);
      return p === null ? null : { standing: p < SIGNIFICANT ? 'apart' : 'even', p };
    },
  };
};

const valuesOf = ({ records }: Point, { valueIn }: Judging): number[] =>
  records.flatMap((record) => valueIn(record) ?? []);

/** Seeds that every cell has of those that have any: means over other seeds are not to be compared. */
function commonSeeds(points: readonly Point[], judging: Judging): number {
  const counts = points.map((point) => valuesOf(point, judging).length).filter((count) => count > 0);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

function judged(points: readonly Point[], judging: Judging, seeds: number): MapCell[] {
  const sign = judging.isLeast ? 1 : -1;
  const means = points.map((point) => {
    const found = spread(valuesOf(point, judging).slice(0, seeds));
    return found ? sign * found.mean : Infinity;
  });
  const best = points[means.indexOf(Math.min(...means))];
  return points.map((point) => {
    const values = valuesOf(point, judging);
    const known = { column: point.column, row: point.row, cell: point.cell, values, spread: spread(values) };
    if (values.length === 0 || !best) return { ...known, standing: 'unknown', p: null };
    if (point === best) return { ...known, standing: 'best', p: null };
    return { ...known, ...(judging.against(point, best, seeds) ?? { standing: 'unknown', p: null }) };
  });
}

/** The model of one cell against that of another, seed by seed, where both were measured on the same digits. */
function pairsOf(a: Point, b: Point, model: string, seeds: number): PairOfSeed[] {
  return a.records.slice(0, seeds).flatMap((record, seed) => {
    const other = b.records[seed];
    const [wrongA, wrongB] = [own(record.models, model)?.wrong, own(other?.models, model)?.wrong];
    if (!other || !wrongA || !wrongB || digitsOf(record) !== digitsOf(other)) return [];
    const { onlyA, onlyB, pValue } = digitsApart(wrongA, wrongB);
    return [{ onlyA: onlyA.length, onlyB: onlyB.length, p: pValue }];
  });
}

/** Equal for the same digits: within one sweep the visitor's own pictures are the same, too. */
function digitsOf({ config: { data } }: RunRecord): string {
  return JSON.stringify([data?.set, data?.evaluate_on, data?.validation, data?.evaluated]);
}
