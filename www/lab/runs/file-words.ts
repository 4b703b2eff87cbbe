/** What is wrong with a file of runs, and what to do, as one sentence in the reader's language. */

import { sentences } from '../../i18n/format';
import { m } from '../../i18n/messages';
import type { FileFault } from '../../runs/run-file';
import { clipped } from '../words/clipped';
import { type Words, worded } from '../words/table';

/** More are no help in a line of text. */
const MOST_PROBLEMS = 3;

const FAULTS: Words<FileFault> = {
  not_json: () => m.runs_file_not_json(),
  not_runs: () => m.runs_file_not_runs(),
  newer: ({ version }) => m.runs_file_newer({ version: clipped(version) }),
  missing: ({ path }) => m.runs_file_missing({ path: clipped(path) }),
  unknown: ({ path }) => m.runs_file_unknown({ path: clipped(path) }),
  wrong: ({ path, value }) => m.runs_file_wrong({ path: clipped(path), value: clipped(value) }),
};

export function fileFaultWords(file: string, fault: FileFault): string {
  return m.runs_file_refused({ file: clipped(file), fault: worded(FAULTS, fault) });
}

/** A run whose config the lab refuses, and the first things that it says of it. */
export function configFaultWords(run: string, problems: readonly string[]): string {
  return m.runs_file_config({ run: clipped(run), problems: sentences(...problems.slice(0, MOST_PROBLEMS)) });
}
