/**
 * What a lesson can ask of the page and tell: one name for each fact, whether a step waits for it or a text tells it. Reading
 * one changes nothing.
 */

import type { Config } from '../engine/generated/types';
import type { Costs } from '../model/costs';
import { own } from '../model/own';
import { getAt, type Json } from '../model/paths';
import { isField } from '../model/schema';
import type { Kind } from '../model/significance';
import { CLASSES, entropy, firstChoice, mostAlike, soften } from '../model/softening';
import type { View } from '../model/view';

/** Null where there is nothing to tell yet. */
export type Value = string | number | boolean | null;

/** How a fact is written. */
export type Form = 'count' | 'share' | 'nats' | 'number' | 'word' | 'flag' | 'sentence';

/** The digit that the explorer shows, and the teacher's logits of it. */
export interface AskedDigit {
  readonly index: number;
  readonly label: number;
  readonly logits: Float32Array;
}

export interface Measured {
  readonly errors: number;
  readonly evaluated: number;
  readonly calibration_error: number | null;
  /** Errors of several teachers together. */
  readonly teachers_errors?: number | null | undefined;
}

/** The race on show. */
export interface RaceFacts {
  readonly state: string;
  /** Whether it was trained to its end. */
  readonly complete: boolean;
  readonly epochsEnded: number;
  readonly config: Config | null;
  readonly measured: (model: string) => Measured | null;
  /** What McNemar's test says of one model against another; null where they were not compared. */
  readonly compared: (a: string, b: string) => Kind | null;
  readonly verdict: { readonly kind: Kind; readonly words: string } | null;
}

/** Where facts come from. */
export interface Sources {
  readonly view: Readonly<View>;
  readonly recipe: string | null;
  readonly config: Config | null;
  readonly digit: AskedDigit | null;
  readonly race: RaceFacts;
  /** What each model takes, by name. */
  readonly costs: Costs;
  /** How many events of each type have come since the step began. */
  readonly events: Readonly<Record<string, number>>;
  readonly kept: Readonly<Record<string, Value>>;
}

interface Fact {
  readonly form: Form;
  readonly read: (sources: Sources, rest: string) => Value;
}

/** A setting as a value; a list as its entries one after another, as in `300, 300`. */
function plain(value: Json | undefined): Value {
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return value === undefined || typeof value === 'object' ? null : value;
}

const ofDigit =
  (read: (digit: AskedDigit, temperature: number, rest: string) => Value): Fact['read'] =>
  ({ digit, view }, rest) =>
    digit === null ? null : read(digit, view.temperature, rest);

const share = (digit: AskedDigit, temperature: number, digitClass: number): Value =>
  soften(digit.logits, temperature).probabilities[digitClass] ?? null;

/** The likeliest class besides the label. */
const other = ({ logits, label }: AskedDigit): number => mostAlike(soften(logits, 1), label).digit;

/** Facts of one name. */
const SINGLE: Readonly<Record<string, Fact>> = {
  recipe: { form: 'word', read: ({ recipe }) => recipe },
  'view.t': { form: 'number', read: ({ view }) => view.temperature },
  'view.digit': { form: 'count', read: ({ view }) => view.digit },
  'view.sort': { form: 'word', read: ({ view }) => view.sort },
  'view.only': { form: 'count', read: ({ view }) => view.only },
  'view.like': { form: 'count', read: ({ view }) => view.like },
  'digit.index': { form: 'count', read: ofDigit(({ index }) => index) },
  'digit.label': { form: 'count', read: ofDigit(({ label }) => label) },
  'digit.first': { form: 'count', read: ofDigit(({ logits }) => firstChoice(logits)) },
  'digit.other': { form: 'count', read: ofDigit(other) },
  'digit.other_share': { form: 'share', read: ofDigit((digit, t) => share(digit, t, other(digit))) },
  'digit.other_share_at_1': { form: 'share', read: ofDigit((digit) => share(digit, 1, other(digit))) },
  'digit.label_share': { form: 'share', read: ofDigit((digit, t) => share(digit, t, digit.label)) },
  'digit.label_share_at_1': { form: 'share', read: ofDigit((digit) => share(digit, 1, digit.label)) },
  'digit.entropy': { form: 'nats', read: ofDigit(({ logits }, t) => entropy(soften(logits, t))) },
  'race.state': { form: 'word', read: ({ race }) => race.state },
  'race.complete': { form: 'flag', read: ({ race }) => race.complete },
  'race.epochs': { form: 'count', read: ({ race }) => race.epochsEnded },
  'race.verdict': { form: 'word', read: ({ race }) => race.verdict?.kind ?? null },
  'race.verdict_words': { form: 'sentence', read: ({ race }) => race.verdict?.words ?? null },
};

/** Facts of many: the rest of the name says which. */
const MANY: Readonly<Record<string, Fact & { readonly accepts: (rest: string) => boolean }>> = {
  'setting.': {
    form: 'number',
    accepts: isField,
    read: ({ config }, path) => plain(getAt(config as unknown as Json, path)),
  },
  'race.setting.': {
    form: 'number',
    accepts: isField,
    read: ({ race }, path) => plain(getAt(race.config as unknown as Json, path)),
  },
  'race.errors.': {
    form: 'count',
    accepts: (model) => model !== '',
    read: ({ race }, model) => race.measured(model)?.errors ?? null,
  },
  'race.evaluated.': {
    form: 'count',
    accepts: (model) => model !== '',
    read: ({ race }, model) => race.measured(model)?.evaluated ?? null,
  },
  'race.teachers_errors.': {
    form: 'count',
    accepts: (model) => model !== '',
    read: ({ race }, model) => race.measured(model)?.teachers_errors ?? null,
  },
  'race.calibration.': {
    form: 'share',
    accepts: (model) => model !== '',
    read: ({ race }, model) => race.measured(model)?.calibration_error ?? null,
  },
  'race.bytes.': {
    form: 'count',
    accepts: (model) => model !== '',
    read: ({ costs }, model) => own(costs, model)?.stored?.file_bytes ?? null,
  },
  'cost.weights.': {
    form: 'count',
    accepts: (model) => model !== '',
    read: ({ costs }, model) => own(costs, model)?.weights ?? null,
  },
  'cost.multiply_adds.': {
    form: 'count',
    accepts: (model) => model !== '',
    read: ({ costs }, model) => own(costs, model)?.multiply_adds ?? null,
  },
  'race.fewer.': {
    form: 'count',
    accepts: isPair,
    read: ({ race }, pair) => {
      const [a, b] = pair.split('.').map((model) => race.measured(model)?.errors);
      return a === undefined || b === undefined ? null : b - a;
    },
  },
  'race.verdict_of.': {
    form: 'word',
    accepts: isPair,
    read: ({ race }, pair) => {
      const [a, b] = pair.split('.');
      return race.compared(a!, b!);
    },
  },
  'digit.share.': {
    form: 'share',
    accepts: isClass,
    read: ofDigit((digit, t, rest) => share(digit, t, Number(rest))),
  },
  'digit.share_at_1.': {
    form: 'share',
    accepts: isClass,
    read: ofDigit((digit, _, rest) => share(digit, 1, Number(rest))),
  },
  'event.': {
    form: 'count',
    accepts: (type) => EVENTS.includes(type),
    read: ({ events }, type) => own(events, type) ?? 0,
  },
};

/** Events of a race that a step may wait for. */
export const EVENTS: readonly string[] = ['started', 'epoch', 'model_done', 'test_opened', 'done'];

/** Two models, with a full stop between them. */
function isPair(text: string): boolean {
  return /^[^.]+\.[^.]+$/.test(text);
}

function isClass(text: string): boolean {
  return /^\d$/.test(text) && Number(text) < CLASSES;
}

function find(name: string): { fact: Fact; rest: string } | null {
  const single = own(SINGLE, name);
  if (single) return { fact: single, rest: '' };
  for (const [prefix, fact] of Object.entries(MANY)) {
    const rest = name.slice(prefix.length);
    if (name.startsWith(prefix) && fact.accepts(rest)) return { fact, rest };
  }
  return null;
}

/** What a step has kept is called so. */
export const KEPT = 'kept.';

/** Facts of one name, in the order of the list. */
export const SINGLE_FACTS: readonly string[] = Object.keys(SINGLE);

/** How a fact is written; null for what is none. Those that a step has kept are known to the lesson alone. */
export function formOf(name: string): Form | null {
  return find(name)?.fact.form ?? null;
}

/** Names of all facts, those of many by how they begin, for the sentence about one that there is not. */
export const FACT_NAMES: readonly string[] = [
  ...Object.keys(SINGLE),
  ...Object.keys(MANY).map((prefix) => `${prefix}…`),
];

export function readFact(name: string, sources: Sources): Value {
  if (name.startsWith(KEPT)) return own(sources.kept, name.slice(KEPT.length)) ?? null;
  const found = find(name);
  return found ? found.fact.read(sources, found.rest) : null;
}
