/** The states of the page's engine, and every way from one to another. */

import type { Prepared } from '../engine/client';
import type { Environment } from '../engine/generated/types';
import type { EngineName, EngineReason, Failure } from '../engine/messages';

/** The engine that answers. */
export interface InUse {
  readonly engine: EngineName;
  readonly environment: Environment;
}

/** `turn`: whose change is under way. The engine in use stays in use until it has succeeded. */
export type EngineStatus =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly inUse: InUse }
  | { readonly kind: 'changing'; readonly inUse: InUse | null; readonly turn: AbortSignal }
  | { readonly kind: 'lost' };

export type EngineEvent =
  | { readonly type: 'opened'; readonly inUse: InUse }
  | { readonly type: 'change'; readonly turn: AbortSignal }
  | { readonly type: 'settled'; readonly turn: AbortSignal }
  | { readonly type: 'lost' };

export function inUseOf(status: EngineStatus): InUse | null {
  return 'inUse' in status ? status.inUse : null;
}

/** The next status; the very same object where the event changes nothing. */
export function nextEngineStatus(status: EngineStatus, event: EngineEvent): EngineStatus {
  switch (event.type) {
    case 'opened':
      return status.kind === 'changing'
        ? { ...status, inUse: event.inUse }
        : { kind: 'open', inUse: event.inUse };
    case 'change':
      return { kind: 'changing', inUse: inUseOf(status), turn: event.turn };
    case 'settled':
      // A change that a later one has taken the place of ends nothing.
      if (status.kind !== 'changing' || status.turn !== event.turn) return status;
      return status.inUse ? { kind: 'open', inUse: status.inUse } : { kind: 'lost' };
    case 'lost':
      return status.kind === 'changing' ? { ...status, inUse: null } : { kind: 'lost' };
  }
}

/** What is known of WebGPU, whether or not it is wanted. */
export type Outlook =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'probing'; readonly probe: Promise<Prepared | null> }
  | { readonly kind: 'possible'; readonly prepared: Prepared }
  | { readonly kind: 'refused'; readonly reason: EngineReason; readonly detail: string };

const WEBGPU_CODES: readonly string[] = [
  'no_api',
  'no_adapter',
  'missing_feature',
  'failed_check',
  'failed_to_load',
  'gpu_lost',
];

/** Why WebGPU cannot run, of what failed; `detail` is in the engine's own words. */
export function refusal({ code, message }: Failure): Outlook {
  const reason = WEBGPU_CODES.includes(code) ? (code as EngineReason) : 'failed_to_load';
  return { kind: 'refused', reason, detail: message };
}
