/** What scripts hand to the page's API, made sure of: a wrong value is refused by its name, with what is allowed. */

import { failure } from '../engine/failure';
import type { Failure, Split } from '../engine/messages';

/** Digits of each split, whether or not they are loaded. */
const DIGITS: Readonly<Record<Split, number>> = { train: 60_000, test: 10_000 };
const PIXELS = 28 * 28;

/** An index of a digit. Throws a `Failure` that names it. */
export function checkedIndex(split: Split, index: unknown): number {
  const last = DIGITS[split] - 1;
  if (Number.isInteger(index) && (index as number) >= 0 && (index as number) <= last) return index as number;
  throw refused('index', index, `a whole number from 0 to ${last}`);
}

/** Temperatures, each finite and above 0. Throws a `Failure` that names the first that is not. */
export function checkedTemperatures(temperatures: unknown): number[] {
  const allowed = 'a list of numbers above 0';
  if (!isList(temperatures)) throw refused('temperatures', temperatures, allowed);
  return Array.from(temperatures, (temperature, at) => {
    if (Number.isFinite(temperature) && (temperature as number) > 0) return temperature as number;
    throw refused(`temperatures[${at}]`, temperature, 'a number above 0');
  });
}

/** 784 grey values of 0 to 1. Throws a `Failure` that names what is wrong. */
export function checkedPixels(pixels: unknown): Float32Array {
  if (!isList(pixels) || pixels.length !== PIXELS) {
    const given = isList(pixels) ? `${pixels.length} values` : pixels;
    throw refused('pixels', given, `${PIXELS} numbers from 0 to 1`);
  }
  return Float32Array.from(pixels, (value, at) => {
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    throw refused(`pixels[${at}]`, value, 'a number from 0 to 1');
  });
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

function refused(path: string, value: unknown, allowed: string): Failure {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return {
    ...failure('argument_invalid', `${path}: ${shown} is not ${allowed}`),
    problems: [{ path, value: shown, allowed }],
  };
}
