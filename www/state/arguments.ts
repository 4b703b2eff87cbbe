/**
 * Reads what scripts and embedding pages hand to the page's calls. Whatever does not fit is refused as a `Failure` that
 * names the argument, what it was, and what is allowed.
 */

import { failure } from '../engine/failure';
import type { Allowed } from '../engine/page-failures';

/** How much of a refused value is shown. */
const SHOWN_CHARACTERS = 60;

function shown(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // It holds itself, or a BigInt.
  }
  text ??= Object.prototype.toString.call(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

export function refuse(path: string, value: unknown, allowed: Allowed): never {
  const problem = { path, value: shown(value), allowed };
  throw {
    // Scripts get the code of what is allowed; a sentence about it is for people, in their language.
    ...failure('argument_invalid', `${path}: ${problem.value} is not allowed: ${JSON.stringify(allowed)}`),
    problems: [problem],
  };
}

export function asText(path: string, value: unknown): string {
  return typeof value === 'string' ? value : refuse(path, value, { code: 'kind', kind: 'text' });
}

export function asObject(path: string, value: unknown): object {
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isPlain ? value : refuse(path, value, { code: 'kind', kind: 'object' });
}

export function asInteger(path: string, value: unknown, least: number, most: number): number {
  const fits = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return fits ? (value as number) : refuse(path, value, { code: 'whole', min: least, max: most });
}

/** Numbers of an array or a typed array, each of which `fits`. */
export function asNumbers(
  path: string,
  value: unknown,
  allowed: Allowed,
  fits: (number: number) => boolean,
): number[] {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) refuse(path, value, allowed);
  const numbers = [...(value as ArrayLike<unknown> & Iterable<unknown>)];
  const wrong = numbers.findIndex((number) => typeof number !== 'number' || !fits(number));
  if (wrong >= 0) refuse(`${path}[${wrong}]`, numbers[wrong], allowed);
  return numbers as number[];
}

export function asBytes(path: string, value: unknown): Uint8Array<ArrayBuffer> {
  const isBytes = value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
  return isBytes ? (value as Uint8Array<ArrayBuffer>) : refuse(path, value, { code: 'bytes' });
}

/** One of some names. `constructor` is a name as any other. */
export function asOneOf<T extends string>(path: string, value: unknown, names: readonly T[]): T {
  const found = names.find((name) => name === value);
  return found ?? refuse(path, value, { code: 'one_of', names: [...names] });
}
