/** How far a visitor has come in each lesson, and what was answered. It is kept in the browser, and travels as a text. */

import { own } from '../model/own';
import { isBranch, type Json } from '../model/paths';
import type { Value } from './facts';

/** The place of a choice, or a number. */
export type Answer = number;

export interface LessonProgress {
  /** The step on show, from 0, and the furthest that was come to. */
  readonly step: number;
  readonly reached: number;
  readonly done: boolean;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly kept: Readonly<Record<string, Value>>;
  /** What predictions came to when they were revealed, by their names: whether it was so, or the number that was measured. */
  readonly outcomes?: Readonly<Record<string, Value>>;
}

/** By the name of the lesson. */
export type Progress = Readonly<Record<string, LessonProgress>>;

export const UNBEGUN: LessonProgress = { step: 0, reached: 0, done: false, answers: {}, kept: {} };

const VERSION = 1;
const MOST_STEPS = 1000;

export function progressText(progress: Progress): string {
  return JSON.stringify({ distillery: 'progress', version: VERSION, lessons: progress });
}

const isStep = (value: Json | undefined): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_STEPS;

const isValue = (value: Json | undefined): value is Exclude<Value, undefined> =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

function entries<T extends Json>(
  value: Json | undefined,
  fits: (one: Json) => one is T,
): Record<string, T> | null {
  if (!isBranch(value)) return null;
  const all = Object.entries(value);
  return all.every(([, one]) => fits(one)) ? (Object.fromEntries(all) as Record<string, T>) : null;
}

function oneOf(value: Json): LessonProgress | null {
  if (!isBranch(value)) return null;
  const { step, reached, done } = value;
  const answers = entries(own(value, 'answers'), (one): one is number => typeof one === 'number');
  const kept = entries(own(value, 'kept'), isValue);
  if (!isStep(step) || !isStep(reached) || typeof done !== 'boolean' || !answers || !kept) return null;
  const outcomes = own(value, 'outcomes') === undefined ? null : entries(own(value, 'outcomes'), isValue);
  return { step, reached, done, answers, kept, ...(outcomes ? { outcomes } : {}) };
}

/** Progress that came from anywhere; null where it is none. */
export function readProgress(json: Json | undefined): Progress | null {
  if (!isBranch(json) || json.distillery !== 'progress' || json.version !== VERSION) return null;
  if (!isBranch(json.lessons)) return null;
  const lessons = Object.entries(json.lessons).map(([name, value]) => [name, oneOf(value)] as const);
  if (lessons.some(([, one]) => one === null)) return null;
  return Object.fromEntries(lessons) as Progress;
}

/** The same from the text of a file. */
export function parseProgress(text: string): Progress | null {
  try {
    return readProgress(JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

/** Both together: of each lesson what went further. */
export function merged(one: Progress, other: Progress): Progress {
  const all = { ...one };
  for (const [name, progress] of Object.entries(other)) {
    const here = own(all, name);
    if (
      !here ||
      (progress.done && !here.done) ||
      (progress.done === here.done && progress.reached > here.reached)
    )
      all[name] = progress;
  }
  return all;
}
