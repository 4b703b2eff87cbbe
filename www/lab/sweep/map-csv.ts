/** A map as a table for spreadsheets: a line a cell. */

import { csvText } from '../../model/csv';
import type { SweepMap } from './map-cells';

/** `paths`: the fields across and down. */
export function mapCsv({ cells }: SweepMap, paths: readonly string[], model: string): string {
  const head = [...paths, 'model', 'errors_mean', 'errors_deviation', 'seeds', 'p_against_best', 'standing'];
  const rows = cells.map(({ column, row, spread, errors, p, standing }) => [
    ...[column, row, model, spread?.mean, spread?.deviation],
    ...[errors.length, p, standing],
  ]);
  return csvText([head, ...rows]);
}
