/** The types of events that scripts and embedding pages may listen to. */

import type { PageEvent, Wanted } from '../packages/embed/src/contract';
import type { Event } from './engine/generated/types';

/** A list that lacks one does not compile. */
const EVENT_TYPES = {
  started: true,
  step: true,
  epoch: true,
  model_done: true,
  timed: true,
  warning: true,
  test_opened: true,
  done: true,
} as const satisfies Record<Event['type'], true>;

/** Those of the page itself; `'*'` does not mean them. */
const PAGE_EVENT_TYPES = {
  status: true,
  height: true,
  refused: true,
  failure: true,
} as const satisfies Record<PageEvent['type'], true>;

export const WANTED: readonly Wanted[] = [
  ...(Object.keys({ ...EVENT_TYPES, ...PAGE_EVENT_TYPES }) as Wanted[]),
  '*',
];

export function isOfPage(wanted: Wanted): wanted is PageEvent['type'] {
  return Object.hasOwn(PAGE_EVENT_TYPES, wanted);
}
