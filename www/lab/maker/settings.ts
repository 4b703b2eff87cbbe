/** What a step has to set so that the page comes to stand as it does now. */

import type { Settings } from '../../lessons/lesson';
import { getAt, type Json } from '../../model/paths';
import type { PageStore } from '../../state/page-store';

/**
 * What of the present setting differs from what the lesson has set so far; fields that it had set and that are the recipe's
 * again are set back.
 */
export function differing(
  now: Settings,
  before: Settings,
  { experiment }: Pick<PageStore, 'experiment'>,
): { [key: string]: Json } {
  const isSame = (key: string): boolean => JSON.stringify(now[key]) === JSON.stringify(before[key]);
  const changed = Object.entries(now).filter(([key]) => !isSame(key));
  const back = Object.keys(before).flatMap((key): [string, Json][] => {
    if (Object.hasOwn(now, key) || key.startsWith('view.')) return [];
    const value = getAt(experiment.config as unknown as Json, key);
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries([...changed, ...back]);
}
