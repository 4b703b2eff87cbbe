/** Who may teach whom: what stands in the way before the lab is asked. */

import type { Config, Model } from '../engine/generated/types';
import { own } from './own';
import { checkpointOf, neededBy } from './roles';

/** Why a model cannot teach another: it is the same, that one is not trained here, or it depends on that one itself. */
export type Obstacle = 'itself' | 'shipped' | 'circle';

/** Models that the declaration of a model names. */
function namedBy(model: Model | undefined): string[] {
  const { net, init } = model ?? {};
  const alike = [net, init].flatMap((part) => (part && 'same_as' in part ? [part.same_as] : []));
  return [...neededBy(model), ...alike];
}

/** Whether a model cannot be without another, through however many between. */
function dependsOn(config: Config, name: string, other: string): boolean {
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === other) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...namedBy(own(config.models, next)));
  }
  return false;
}

export function obstacleOf(config: Config, teacher: string, student: string): Obstacle | null {
  if (teacher === student) return 'itself';
  if (checkpointOf(config, student) !== null) return 'shipped';
  return dependsOn(config, teacher, student) ? 'circle' : null;
}
