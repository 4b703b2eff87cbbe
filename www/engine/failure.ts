/** Turns whatever was thrown into a `Failure`, once, where it is caught. */

import type { Failure } from './messages';
import type { KnownFailure, ParametersOf } from './page-failures';

/** A failure of the page's own making, with the parameters of its code. `message` is for details and scripts alone. */
export function failure<C extends KnownFailure['code']>(
  code: C,
  message: string,
  ...[parameters]: keyof ParametersOf<C> extends never ? [] : [ParametersOf<C>]
): Failure {
  return { ...parameters, code, message, problems: [] };
}

/** Whether a value already is a `Failure`. */
export function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Failure).code === 'string' &&
    typeof (value as Failure).message === 'string'
  );
}

const ENDS = new Set(['worker_died', 'engine_crashed', 'gpu_lost']);

/** Whether the engine that failed so can answer nothing any more. */
export function endsEngine({ code }: Failure): boolean {
  return ENDS.has(code);
}

/** The lab throws objects of the right shape; a panic in wasm is a `RuntimeError` and ends the engine. */
export function toFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) {
    return { ...thrown, problems: thrown.problems ?? [] };
  }
  // A browser may have no `WebAssembly` at all, and this runs in every catch.
  if (typeof WebAssembly !== 'undefined' && thrown instanceof WebAssembly.RuntimeError)
    return failure('engine_crashed', thrown.message);
  if (thrown instanceof Error) return failure('unexpected', `${thrown.name}: ${thrown.message}`);
  return failure('unexpected', String(thrown));
}
