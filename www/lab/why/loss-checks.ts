/** What can be checked of a digit's loss right now, and how it came out. */

import { m } from '../../i18n/messages';
import { differenceGradient, norm } from '../../model/digit-loss';
import { CHECKED_TEMPERATURES, sizeKept } from '../../model/high-temperature';
import type { Worked } from './loss-formulas';
import { numberText } from './number-text';

export interface Check {
  readonly id: 'differences' | 't_squared' | 'teachers' | 'digits';
  /** Null where there is nothing to check. */
  readonly holds: boolean | null;
  readonly words: string;
}

/** Central differences lose this much to rounding and curvature; a wrong formula is off by far more. */
const DIFFERENCES = 1e-6;
/** At those temperatures T² keeps the size but for terms of the size of logits over T. */
const SIZE = 0.02;
/** Logits that come with a teacher have eleven bits; others differ by roundings of f32. */
const LOGITS = 2 ** -10;

export function differencesCheck({ asked, mix, loss }: Worked): Check {
  const differences = differenceGradient(asked, mix);
  const apart = Math.max(...loss.gradient.map((slope, i) => Math.abs(slope - differences[i]!)));
  const holds = apart <= DIFFERENCES * (1 + norm(loss.gradient));
  return { id: 'differences', holds, words: m.why_check_differences({ apart: numberText(apart) }) };
}

export function sizeCheck({ asked, mix }: Worked): Check {
  const kept = sizeKept(asked, mix);
  if (!kept) return { id: 't_squared', holds: null, words: m.why_check_no_size() };
  const [from, to] = CHECKED_TEMPERATURES;
  const words = m.why_check_size({
    from,
    to,
    kept: numberText(kept.with),
    without: numberText(kept.without),
  });
  return { id: 't_squared', holds: Math.abs(kept.with - 1) < SIZE, words };
}

export function digitsCheck(
  logits: ArrayLike<number>,
  taught: readonly ArrayLike<number>[],
  apart: number | null,
): Check {
  if (apart === null) return { id: 'digits', holds: null, words: m.why_check_no_digits() };
  const largest = Math.max(...[logits, ...taught].flatMap((row) => Array.from(row, Math.abs)));
  const words = m.why_check_digits({ apart: numberText(apart) });
  return { id: 'digits', holds: apart <= LOGITS * Math.max(1, largest), words };
}

/** What is known of one teacher's weights: their digest now, and what it was before. */
export interface TeacherDigest {
  readonly model: string;
  readonly now: string | null;
  readonly before: string | null;
}

const SHOWN_DIGITS = 8;

export function teachersCheck(digests: readonly TeacherDigest[], names: string): Check {
  const known = digests.filter(({ now, before }) => now !== null && before !== null);
  if (known.length < digests.length || digests.length === 0) {
    return { id: 'teachers', holds: null, words: m.why_check_no_teachers() };
  }
  const digest = digests.map(({ now }) => `${now!.slice(0, SHOWN_DIGITS)}…`).join(', ');
  const holds = digests.every(({ now, before }) => now === before);
  return { id: 'teachers', holds, words: m.why_check_teachers({ teachers: names, digest }) };
}
