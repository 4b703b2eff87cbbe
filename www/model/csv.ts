/** Tables as spreadsheets read them: lines as RFC 4180 has them. */

export type CsvValue = string | number | null | undefined;

/** Nothing stands where there is no value. */
export const csvText = (rows: readonly (readonly CsvValue[])[]): string =>
  rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');

function field(value: CsvValue): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
