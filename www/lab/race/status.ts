/** How far a model of the tree is in the run. */

import { own } from '../../model/own';
import { checkpointOf, neededBy } from '../../model/roles';
import type { PageStore } from '../../state/page-store';

export type ModelStatus = 'shipped' | 'untrained' | 'waiting' | 'training' | 'trained' | 'stopped';

/** Models train once all that they learn from, or start from, are trained. */
export function statusOf(
  store: Pick<PageStore, 'run' | 'shownConfig' | 'status'>,
  name: string,
): ModelStatus {
  const config = store.shownConfig;
  if (checkpointOf(config, name) !== null) return 'shipped';
  if (store.run.trained.has(name)) return 'trained';
  if (store.run.stoppedBy(name) !== null) return 'stopped';
  const underWay = store.status === 'running' || store.status === 'paused';
  if (!underWay || store.run.models.length === 0) return 'untrained';
  const needed = neededBy(own(config?.models, name));
  const ready = needed.every((other) => checkpointOf(config, other) !== null || store.run.trained.has(other));
  return ready ? 'training' : 'waiting';
}
