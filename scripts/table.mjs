// A benchmark's table: what it was measured on and where it goes, the part of docs/performance.md between its markers.

import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { replaced } from '../bench/report.mjs';

const DOCUMENT = join(resolve(import.meta.dirname, '..'), 'docs/performance.md');

/** Prints a table and writes it between the markers `name`; `command` makes it again, `how` says how it was measured. */
export function writeTable(name, { command, how, rows }) {
  const cpus = os.cpus();
  const text = [
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus[0].model.trim()}, ${cpus.length} cores. Again: \`${command}\`.`,
    how,
    '',
    ...rows,
  ].join('\n');
  console.log(text);
  writeFileSync(DOCUMENT, replaced(readFileSync(DOCUMENT, 'utf8'), text, name));
}
