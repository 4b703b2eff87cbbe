/** A map as a table for spreadsheets: a line a cell. */

import { csvText } from '../../model/csv';
import type { SweepMap } from './map-cells';

/** `paths`: the fields across and down; `against`: whose errors those of the model are taken from, null for the errors themselves. */
export function mapCsv(
  { cells }: SweepMap,
  paths: readonly string[],
  model: string,
  against: string | null,
): string {
  const value = against === null ? 'errors' : 'fewer_errors';
  const head = [
    ...[...paths, 'model', ...(against === null ? [] : ['against'])],
    ...[`${value}_mean`, `${value}_deviation`, 'seeds', 'p_against_best', 'standing'],
  ];
  const rows = cells.map(({ column, row, spread, values, p, standing }) => [
    ...[column, row, model, ...(against === null ? [] : [against])],
    ...[spread?.mean, spread?.deviation, values.length, p, standing],
  ]);
  return csvText([head, ...rows]);
}
