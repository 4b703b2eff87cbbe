/** The types of events that scripts and embedding pages may listen to. */

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

/** A type of event, or all. */
export type Wanted = Event['type'] | '*';

export const WANTED: readonly Wanted[] = [...(Object.keys(EVENT_TYPES) as Event['type'][]), '*'];
