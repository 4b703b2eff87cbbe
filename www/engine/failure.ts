/** Turns whatever was thrown into a `Failure`, once, where it is caught. */

import type { Failure } from './messages';

/** A failure of the page's own making, for example a file that cannot be fetched. */
export function failure(code: string, message: string): Failure {
  return { code, message, problems: [] };
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

/** The lab throws objects of the right shape; a panic in wasm is a `RuntimeError` and ends the engine. */
export function toFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) {
    return { ...thrown, problems: thrown.problems ?? [] };
  }
  if (thrown instanceof WebAssembly.RuntimeError) return failure('engine_crashed', thrown.message);
  if (thrown instanceof Error) return failure('unexpected', `${thrown.name}: ${thrown.message}`);
  return failure('unexpected', String(thrown));
}
