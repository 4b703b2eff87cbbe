/** Why a view has nothing of a model yet, and what to do about it. */

import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import type { Run } from '../../state/run.svelte';
import { absentWords } from '../words/absent';

export function waitWords(run: Pick<Run, 'stoppedBy'>, model: string): string {
  return run.stoppedBy(model) ? absentWords(run, model) : m.why_waits({ model: modelName(model) });
}
