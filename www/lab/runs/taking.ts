/** Takes runs out of files: each whose record and config are in order, and a sentence about every other. */

import { toFailure } from '../../engine/failure';
import { count } from '../../i18n/format';
import { m } from '../../i18n/messages';
import type { WholeRun } from '../../runs/kept-run';
import { readRuns } from '../../runs/run-file';
import type { PageStore } from '../../state/page-store';
import { failureInFull } from '../words/failure';
import { problemWords } from '../words/problem';
import { configFaultWords, fileFaultWords } from './file-words';

export interface Taken {
  /** What came. */
  readonly told: readonly string[];
  /** What did not, and why. */
  readonly refused: readonly string[];
}

type Asked = Pick<PageStore, 'judge'> & { readonly runs: Pick<PageStore['runs'], 'add'> };

/** Never rejects. */
export async function takeFile(store: Asked, file: Pick<File, 'name' | 'text'>, now: number): Promise<Taken> {
  const { name } = file;
  try {
    const { runs, faults } = readRuns(await file.text(), name, now);
    const refused = faults.map((fault) => fileFaultWords(name, fault));
    const allowed: WholeRun[] = [];
    for (const one of runs) {
      const judged = await store.judge(one.run.config);
      if ('config' in judged) allowed.push({ ...one, run: { ...one.run, config: judged.config } });
      else refused.push(configFaultWords(one.run.name, judged.problems.map(problemWords)));
    }
    if (allowed.length === 0 && refused.length > 0) return { told: [], refused };
    const added = await store.runs.add(allowed);
    const known = allowed.length - added;
    return { told: [m.runs_file_taken({ file: name, added: count(added), known: count(known) })], refused };
  } catch (thrown) {
    return { told: [], refused: [`${name}: ${failureInFull(toFailure(thrown))}`] };
  }
}
