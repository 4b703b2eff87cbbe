/** Reads a lesson, and says what of it is wrong: in which step, in which field, and what may stand there. */

import type { Allowed } from '../engine/page-failures';
import { TERM_IDS } from '../i18n/glossary';
import { isBranch, type Json } from '../model/paths';
import { isField, isNumber, rangeOf } from '../model/schema';
import { VIEW_NAMES } from '../model/view';
import { FACT_NAMES, formOf, KEPT } from './facts';
import { COMPARISONS, type Lesson, PARTS } from './lesson';
import { piecesOf } from './markup';
import {
  type Check,
  fields,
  finite,
  flag,
  list,
  maybe,
  oneOf,
  type Refuse,
  record,
  whole,
  words,
} from './shape';

export interface LessonProblem {
  /** The step, from 1; null for what is about the whole lesson. */
  readonly step: number | null;
  /** The field, within its step if there is one. */
  readonly path: string;
  /** What stands there, as JSON; empty for nothing. */
  readonly value: string;
  readonly allowed: Allowed;
}

export type Read =
  | { readonly lesson: Lesson; readonly problems: readonly [] }
  | { readonly lesson: null; readonly problems: readonly LessonProblem[] };

const LONGEST_MINUTES = 60;

/** What the steps before have told: names that a step may use. */
interface Before {
  readonly kept: ReadonlySet<string>;
  readonly answers: ReadonlySet<string>;
}

function factCheck({ kept }: Before): Check {
  return (value, path, refuse) => {
    const names = [...FACT_NAMES, ...[...kept].map((name) => `${KEPT}${name}`)];
    const isKept = typeof value === 'string' && value.startsWith(KEPT) && kept.has(value.slice(KEPT.length));
    if (typeof value !== 'string' || (!isKept && formOf(value) === null))
      refuse(path, value, { code: 'one_of', names });
  };
}

/** A text in both languages, with terms and facts that there are. */
function textCheck(before: Before): Check {
  const ofLanguage: Check = (value, path, refuse) => {
    words(value, path, refuse);
    if (typeof value !== 'string') return;
    for (const piece of piecesOf(value)) {
      if (piece.kind === 'term') oneOf(TERM_IDS)(piece.id, path, refuse);
      if (piece.kind === 'fact') factCheck(before)(piece.fact, path, refuse);
    }
  };
  return fields({ en: ofLanguage, zh: ofLanguage });
}

const NOTHING: Before = { kept: new Set(), answers: new Set() };

const settings: Check = record((key, value, path, refuse) => {
  const isOfView = key.startsWith('view.');
  const isKnown = isOfView
    ? (VIEW_NAMES as readonly string[]).includes(key.slice('view.'.length))
    : key === 'recipe' || isField(key);
  const names = isOfView ? VIEW_NAMES.map((name) => `view.${name}`) : ['recipe'];
  if (!isKnown) refuse(path, value, { code: 'known_field', names });
  if (key === 'recipe') words(value, path, refuse);
  const { min, max } = rangeOf(key);
  if (typeof value === 'number' && isNumber(key) && min !== undefined && max !== undefined)
    if (value < min || value > max) refuse(path, value, { code: 'range', min, max });
});

const lock: Check = (value, path, refuse) => {
  if (typeof value !== 'string' || (value !== 'recipe' && !isField(value)))
    refuse(path, value, { code: 'known_field', names: ['recipe'] });
};

function conditions(before: Before): Check {
  const comparisons = Object.fromEntries(COMPARISONS.map((name) => [name, maybe(() => undefined)]));
  const shape = fields({ fact: factCheck(before), ...comparisons });
  const one: Check = (value, path, refuse) => {
    shape(value, path, refuse);
    if (!isBranch(value)) return;
    const made = COMPARISONS.filter((name) => value[name] !== undefined);
    if (made.length === 0) refuse(`${path}.is`, undefined, { code: 'present' });
    for (const name of made) if (name !== 'is') finite(value[name], `${path}.${name}`, refuse);
  };
  return list(one, 1);
}

/** What a step of each kind has beside what all have. */
function kindFields(kind: string, before: Before): Parameters<typeof fields>[0] | null {
  const text = textCheck(before);
  switch (kind) {
    case 'read':
      return {};
    case 'predict':
      return {
        name: words,
        choices: maybe(list(fields({ text, when: maybe(conditions(before)) }), 2)),
        number: maybe(fields({ min: finite, max: finite, measured: factCheck(before) })),
      };
    case 'do':
      return {
        until: conditions(before),
        keep: maybe(record((_, value, path, refuse) => factCheck(before)(value, path, refuse))),
        hints: maybe(list(text, 1)),
        solution: maybe(text),
      };
    case 'reveal':
      return {
        of: maybe(oneOf([...before.answers])),
        paper: maybe(fields({ text, source: words })),
      };
    default:
      return null;
  }
}

const KINDS = ['read', 'predict', 'do', 'reveal'];

/** What a `hide` hides; what is wrong with it is told elsewhere. */
const hiddenIn = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** `hidden`: parts that the lesson hides at every step. */
function checkStep(step: Json, before: Before, hidden: readonly Json[], refuse: Refuse): void {
  const kind = isBranch(step) ? step.kind : undefined;
  const own = typeof kind === 'string' ? kindFields(kind, before) : null;
  if (!isBranch(step) || own === null) {
    oneOf(KINDS)(kind, 'kind', refuse);
    return;
  }
  const outOfSight = [...hidden, ...hiddenIn(step.hide)];
  const common = {
    kind: oneOf(KINDS),
    text: textCheck(before),
    digit: maybe(flag),
    formula: maybe(words),
    settings: maybe(settings),
    // Nothing leads to what is out of sight.
    part: maybe(oneOf(PARTS.filter((part) => !outOfSight.includes(part)))),
    hide: maybe(list(oneOf(PARTS))),
  };
  fields({ ...common, ...own })(step, '', refuse);
  if (kind !== 'predict') return;
  // One way to answer, and one alone.
  if (step.choices === undefined && step.number === undefined)
    refuse('choices', undefined, { code: 'present' });
  if (step.choices !== undefined && step.number !== undefined)
    refuse('number', step.number, { code: 'known_field', names: ['choices'] });
  if (typeof step.name === 'string' && before.answers.has(step.name))
    refuse('name', step.name, { code: 'once' });
}

function after(step: Json, { kept, answers }: Before): Before {
  if (!isBranch(step)) return { kept, answers };
  const keeps = step.kind === 'do' && isBranch(step.keep) ? Object.keys(step.keep) : [];
  const named = step.kind === 'predict' && typeof step.name === 'string' ? [step.name] : [];
  return { kept: new Set([...kept, ...keeps]), answers: new Set([...answers, ...named]) };
}

const LESSON = {
  title: textCheck(NOTHING),
  claim: textCheck(NOTHING),
  minutes: whole(1, LONGEST_MINUTES),
  settings,
  hide: maybe(list(oneOf(PARTS))),
  lock: maybe(list(lock)),
  steps: list(() => undefined, 1),
};

export function readLesson(json: Json): Read {
  const problems: LessonProblem[] = [];
  const refuseIn =
    (step: number | null): Refuse =>
    (path, value, allowed) =>
      problems.push({ step, path, value: value === undefined ? '' : JSON.stringify(value), allowed });
  fields(LESSON)(json, '', refuseIn(null));
  const steps = isBranch(json) && Array.isArray(json.steps) ? json.steps : [];
  let before = NOTHING;
  for (const [place, step] of steps.entries()) {
    checkStep(step, before, hiddenIn(isBranch(json) ? json.hide : undefined), refuseIn(place + 1));
    before = after(step, before);
  }
  if (problems.length > 0) return { lesson: null, problems };
  // Every field has been looked at.
  return { lesson: json as unknown as Lesson, problems: [] };
}

/** What is no JSON at all. */
export const UNREADABLE: Read = {
  lesson: null,
  problems: [{ step: null, path: '', value: '…', allowed: { code: 'readable' } }],
};

/** Reads the text of a file. */
export function parseLesson(text: string): Read {
  try {
    return readLesson(JSON.parse(text) as Json);
  } catch {
    return UNREADABLE;
  }
}
