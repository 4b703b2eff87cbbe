/** A sweep of two fields as a map: a cell for each pair of values, the best one, and those that are not told apart from it. */

import type { Cell, Record as RunRecord } from '../../engine/generated/types';
import { type PairOfSeed, type Spread, spread, verdictOver } from '../../model/over-seeds';
import { own } from '../../model/own';
import { lastErrors } from '../../model/seed-figures';
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
  /** Errors of the seeds that are done, the first seed first. */
  readonly errors: readonly number[];
  readonly spread: Spread | null;
  readonly standing: Standing;
  /** Against the best: p of the command line's rule; null for the best itself, and where nothing compares the two. */
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

/** Null for a sweep of other than two fields. */
export function sweepMap(
  cells: readonly Cell[],
  lines: readonly SweepLine[],
  model: string,
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
  const seeds = commonSeeds(points, model);
  return {
    columns: [...new Set(points.map(({ column }) => column))],
    rows: [...new Set(points.map(({ row }) => row))],
    cells: judged(points, model, seeds),
    seeds,
  };
}

function bySeed(one: SweepLine, other: SweepLine): number {
  return Number(one.cell.seed) - Number(other.cell.seed);
}

const errorsOf = ({ records }: Point, model: string): number[] =>
  records.flatMap((record) => lastErrors(record, model) ?? []);

/** Seeds that every cell has of those that have any: means over other seeds are not to be compared. */
function commonSeeds(points: readonly Point[], model: string): number {
  const counts = points.map((point) => errorsOf(point, model).length).filter((count) => count > 0);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

function judged(points: readonly Point[], model: string, seeds: number): MapCell[] {
  const means = points.map((point) => spread(errorsOf(point, model).slice(0, seeds))?.mean ?? Infinity);
  const best = points[means.indexOf(Math.min(...means))];
  return points.map((point) => {
    const errors = errorsOf(point, model);
    const known = { column: point.column, row: point.row, cell: point.cell, errors, spread: spread(errors) };
    if (errors.length === 0 || !best) return { ...known, standing: 'unknown', p: null };
    if (point === best) return { ...known, standing: 'best', p: null };
    const verdict = verdictOver(pairsOf(point, best, model, seeds));
    if (!verdict) return { ...known, standing: 'unknown', p: null };
    return { ...known, standing: verdict.kind === 'same' ? 'even' : 'apart', p: verdict.p };
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
