/**
 * The states of the page's race, and every way from one to another. What happened to a race that is no longer the page's
 * changes nothing: whoever awaited something need not ask whether it is still wanted.
 *
 * ```
 * ready ─start→ preparing ─prepared→ running ⇄ paused ⇄ stepping (resume: also from stepping)
 *                   │                   └───────┴── stop ──┴→ stopping ─ended→ finished
 *                   └ stop → ready            (reset: from everywhere to ready; failed: from everywhere before the end)
 * ```
 */

import type { Failure } from '../engine/messages';
import type { Session } from '../engine/session';
import type { Race } from './race';

/** What a race does as soon as its session stands. */
export type Goal = 'running' | 'stepping' | 'paused';

export type RaceStatus =
  | { readonly kind: 'ready' }
  /** From Start until the session stands: it may wait for an engine or for digits. */
  | { readonly kind: 'preparing'; readonly race: Race; readonly goal: Goal }
  | {
      readonly kind: 'running' | 'stepping' | 'paused' | 'stopping' | 'finished';
      readonly race: Race;
      readonly session: Session;
    }
  | { readonly kind: 'failed'; readonly race: Race; readonly failure: Failure };

export type RaceEvent =
  | { readonly type: 'start'; readonly race: Race; readonly goal: Goal }
  | { readonly type: 'prepared'; readonly race: Race; readonly session: Session }
  | { readonly type: 'pause' | 'resume' | 'step' | 'stop' | 'reset' }
  | { readonly type: 'stepped' | 'ended'; readonly race: Race }
  | { readonly type: 'failed'; readonly race: Race; readonly failure: Failure };

/** The race of a status, null without one. */
export function raceOf(status: RaceStatus): Race | null {
  return status.kind === 'ready' ? null : status.race;
}

/** Whether a race is under way or will be without another press. */
export function isBusy({ kind }: RaceStatus): boolean {
  return kind === 'preparing' || kind === 'running' || kind === 'stepping' || kind === 'stopping';
}

/** The next status; the very same object where the event changes nothing. */
export function nextRaceStatus(status: RaceStatus, event: RaceEvent): RaceStatus {
  if ('race' in event && event.type !== 'start' && raceOf(status) !== event.race) return status;
  switch (event.type) {
    case 'reset':
      return status.kind === 'ready' ? status : { kind: 'ready' };
    case 'start':
      if (isBusy(status) || status.kind === 'paused') return status;
      return { kind: 'preparing', race: event.race, goal: event.goal };
    case 'prepared':
      if (status.kind !== 'preparing') return status;
      return { kind: status.goal, race: event.race, session: event.session };
    case 'failed':
      if (status.kind === 'finished' || status.kind === 'failed') return status;
      return { kind: 'failed', race: event.race, failure: event.failure };
    case 'ended':
      return 'session' in status && status.kind !== 'finished' ? { ...status, kind: 'finished' } : status;
    case 'stepped':
      return status.kind === 'stepping' ? { ...status, kind: 'paused' } : status;
    default:
      return pressed(status, event.type);
  }
}

function pressed(status: RaceStatus, button: 'pause' | 'resume' | 'step' | 'stop'): RaceStatus {
  if (status.kind === 'preparing') {
    if (button === 'stop') return { kind: 'ready' };
    return button === 'pause' && status.goal !== 'paused' ? { ...status, goal: 'paused' } : status;
  }
  if (!('session' in status) || status.kind === 'finished' || status.kind === 'stopping') return status;
  if (button === 'stop') return { ...status, kind: 'stopping' };
  if (button === 'pause') return status.kind === 'paused' ? status : { ...status, kind: 'paused' };
  if (button === 'step') return status.kind === 'paused' ? { ...status, kind: 'stepping' } : status;
  return status.kind === 'running' ? status : { ...status, kind: 'running' };
}
