/** Why there is nothing to show of a model. */

import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import type { Run } from '../../state/run.svelte';

export function absentWords(run: Pick<Run, 'stoppedBy'>, model: string): string {
  const words = { model: modelName(model) };
  return run.stoppedBy(model) ? m.soft_targets_stopped(words) : m.soft_targets_absent(words);
}
