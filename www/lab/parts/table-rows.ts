/** Tables on show as rows of values: numbers without what a language puts between their figures. */

import type { CsvValue } from '../../model/csv';

/** What only a screen reader hears, and what a term's bubble says, are no values. */
const BESIDE = '.visually-hidden, [role="tooltip"]';

/** The rows of all tables in a place; of several each begins with its caption, after an empty line. */
export function rowsIn(place: Element): CsvValue[][] {
  const tables = [...place.querySelectorAll('table')];
  if (tables.length === 1) return rowsOf(tables[0]!);
  return tables.flatMap((table, i) => [
    ...(i === 0 ? [] : [[]]),
    [table.caption?.textContent],
    ...rowsOf(table),
  ]);
}

const rowsOf = (table: HTMLTableElement): CsvValue[][] =>
  [...table.rows].map((row) => [...row.cells].flatMap(valuesOf));

/** A cell over several columns leaves the others empty. */
function valuesOf(cell: HTMLTableCellElement): CsvValue[] {
  const shown = cell.cloneNode(true) as HTMLElement;
  for (const beside of shown.querySelectorAll(BESIDE)) beside.remove();
  const rest = Array<CsvValue>(Math.max(0, cell.colSpan - 1)).fill(null);
  return [cellValue(shown.textContent ?? ''), ...rest];
}

/** Both languages write a comma between thousands and a point before decimals. */
export function cellValue(text: string): CsvValue {
  const plain = text.trim().replace(/\s+/g, ' ');
  if (plain === '—') return null;
  return /^[-−+]?\d{1,3}(,\d{3})*(\.\d+)?$/.test(plain) ? plain.replaceAll(',', '').replace('−', '-') : plain;
}
