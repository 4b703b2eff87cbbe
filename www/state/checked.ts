/** Which digits there are to ask for: a wrong index is refused by name, with what is allowed. */

import { failure } from '../engine/failure';
import type { Failure, Split } from '../engine/messages';

/** Digits of each split, whether or not they are loaded. */
const DIGITS: Readonly<Record<Split, number>> = { train: 60_000, test: 10_000 };

/** An index of a digit. Throws a `Failure` that names it. */
export function checkedIndex(split: Split, index: unknown): number {
  const last = DIGITS[split] - 1;
  if (Number.isInteger(index) && (index as number) >= 0 && (index as number) <= last) return index as number;
  throw refused('digit', index, `a whole number from 0 to ${last}`);
}

function refused(path: string, value: unknown, allowed: string): Failure {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return {
    ...failure('argument_invalid', `${path}: ${shown} is not ${allowed}`),
    problems: [{ path, value: shown, allowed }],
  };
}
