/** Tables for spreadsheets. */

export type CsvValue = string | number | null | undefined;

/** Lines as RFC 4180 has them; nothing stands where a number was not worked out. */
export function csv(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: CsvValue): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
