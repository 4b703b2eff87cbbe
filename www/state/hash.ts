/**
 * Settings ⇄ the URL's hash. The hash names the recipe and then only what differs from it:
 * `#recipe=first-race&seed=3&models.student.objective.temperature=8&view.t=2.5`. A value is JSON;
 * what is not JSON is a word; an empty value takes a field away. Where much differs, `config.data` carries all of it packed
 * (`packed-config.ts`), and what stands beside it counts before that. `lesson=NAME` opens a lesson, `lesson.data` brings one
 * along, and `lesson.progress` what was done in lessons elsewhere.
 */

import type { Config } from '../engine/generated/types';
import type { Allowed } from '../engine/page-failures';
import type { Settings } from '../lessons/lesson';
import { LESSONS } from '../lessons/list';
import { type Progress, readProgress } from '../lessons/progress';
import { own } from '../model/own';
import { type Change, difference, getAt, type Json, setAt } from '../model/paths';
import { HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE } from '../model/temperature';
import {
  DEFAULT_VIEW,
  PAGES,
  PANELS,
  RESULT_DIGITS,
  VIEW_NAMES,
  type View,
  type ViewName,
} from '../model/view';
import { pairsOf, valueIn } from './link';
import { overridden } from './overridden';

/** A part of the URL that was not taken over, for a notice. */
export interface Refused {
  readonly path: string;
  readonly value: string;
  /** What would have been allowed; null where that does not come into it. */
  readonly allowed: Allowed | null;
  /** Why: its value is not allowed, a later part says otherwise, or nothing is called so. */
  readonly because: 'not_allowed' | 'said_again' | 'unknown';
}

export interface ParsedHash {
  readonly recipe: string | null;
  /** Words that stand alone: each may be the name of a recipe. */
  readonly words: readonly string[];
  readonly changes: readonly Change[];
  /** More changes, packed, which the others go beyond; null for none. */
  readonly packedChanges: string | null;
  readonly view: View;
  /** A lesson of the list. */
  readonly lesson: string | null;
  /** One that came along, packed (`lessons/link.ts`). */
  readonly packed: string | null;
  readonly progress: Progress;
  /** Whether it says anything of the experiment or of what to look at first; language and the like apart. */
  readonly hasSettings: boolean;
  readonly refused: readonly Refused[];
}

interface ViewField {
  readonly key: keyof View;
  readonly allowed: Allowed;
  readonly accepts: (value: Json) => boolean;
}

const oneOf = (...names: readonly string[]): Pick<ViewField, 'allowed' | 'accepts'> => ({
  allowed: { code: 'one_of', names: [...names] },
  accepts: (value) => typeof value === 'string' && names.includes(value),
});

const between = (min: number, max: number, whole: boolean): Pick<ViewField, 'allowed' | 'accepts'> => ({
  allowed: { code: whole ? 'whole' : 'range', min, max },
  accepts: (value) =>
    typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value)),
});

/** Every part of the view by its name in the URL. */
const VIEW_FIELDS: Readonly<Record<ViewName, ViewField>> = {
  t: { key: 'temperature', ...between(LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE, false) },
  log: {
    key: 'logAxis',
    allowed: { code: 'kind', kind: 'boolean' },
    accepts: (value) => typeof value === 'boolean',
  },
  digit: { key: 'digit', ...between(0, 9999, true) },
  sort: { key: 'sort', ...oneOf('unsure', 'order', 'label', 'like') },
  only: { key: 'only', ...between(0, 9, true) },
  like: { key: 'like', ...between(0, 9, true) },
  engine: { key: 'engine', ...oneOf('auto', 'cpu', 'webgpu') },
  lang: { key: 'locale', ...oneOf('en', 'zh') },
  theme: { key: 'theme', ...oneOf('auto', 'light', 'dark') },
  page: { key: 'page', ...oneOf(...PAGES) },
  projector: { key: 'projector', ...oneOf(...PANELS) },
  result: {
    key: 'result',
    allowed: { code: 'digest', digits: RESULT_DIGITS },
    accepts: (value) => typeof value === 'string' && new RegExp(`^[0-9a-f]{${RESULT_DIGITS}}$`).test(value),
  },
};

/** What carries all that differs from the recipe, packed. */
export const PACKED = 'config.data';

/** No config is nested half as deep; what is would not come through to the lab. */
const MOST_LEVELS = 32;

/** Whether JSON can carry it to the lab and back: 1e999 is read as infinite. */
export function canBeSent(value: Json | undefined, level = 0): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return level < MOST_LEVELS && Object.values(value).every((item) => canBeSent(item, level + 1));
}

/** A pair of the hash with the value its text stands for. */
interface Given extends Change {
  readonly text: string;
}

/** Reads a hash; view settings are checked here, config settings by the lab. Every part of it is in the answer. */
export function parseHash(hash: string): ParsedHash {
  const pairs = pairsOf(hash);
  const words = pairs.flatMap(({ path, text }) => (text === null ? [path] : []));
  const refused: Refused[] = [];
  const given: Given[] = [];
  for (const { path, text } of pairs) {
    if (text === null) continue;
    const value = valueIn(text);
    if (canBeSent(value)) given.push({ path, text, value });
    else refused.push({ path, value: text, allowed: null, because: 'not_allowed' });
  }
  const overruled = new Set(overridden(given));
  for (const { path, text } of overruled) {
    refused.push({ path, value: text, allowed: null, because: 'said_again' });
  }
  const counted = given.filter((one) => !overruled.has(one));
  const recipe = counted.findLast(({ path }) => path === 'recipe');
  const packed = counted.findLast(({ path }) => path === PACKED);
  const ofView = counted.filter(({ path }) => isOfView(path));
  const view = readView(ofView, refused);
  const changes = counted.filter(
    ({ path }) => path !== 'recipe' && path !== PACKED && !isOfView(path) && !Object.hasOwn(OF_LESSONS, path),
  );
  return {
    recipe: recipe ? String(recipe.value ?? '') : null,
    words,
    changes: changes.map(({ path, value }) => ({ path, value })),
    packedChanges: packed ? String(packed.value ?? '') : null,
    view,
    ...readLessons(counted, refused),
    hasSettings:
      recipe !== undefined ||
      packed !== undefined ||
      words.length + changes.length > 0 ||
      ofView.some(({ path }) => !OF_VISITOR.includes(path)),
    refused,
  };
}

/** How a link carries a lesson. */
export interface LessonAddress {
  readonly path: 'lesson' | 'lesson.data';
  readonly value: string;
}

/** What a link may say of lessons, and what is allowed there. */
const OF_LESSONS: Readonly<Record<LessonAddress['path'] | 'lesson.progress', Allowed>> = {
  lesson: { code: 'one_of', names: [...LESSONS] },
  'lesson.data': { code: 'readable' },
  'lesson.progress': { code: 'readable' },
};

/** What a visitor has chosen for all that there is to see. */
const OF_VISITOR: readonly string[] = ['view.lang', 'view.theme', 'view.engine', 'view.projector'];

function readLessons(
  given: readonly Given[],
  refused: Refused[],
): Pick<ParsedHash, 'lesson' | 'packed' | 'progress'> {
  const read = <T>(path: keyof typeof OF_LESSONS, take: (value: Json | undefined) => T | null): T | null => {
    const one = given.findLast((candidate) => candidate.path === path);
    const taken = one ? take(one.value) : null;
    if (one && taken === null)
      refused.push({ path, value: one.text, allowed: OF_LESSONS[path], because: 'not_allowed' });
    return taken;
  };
  const named = (value: Json | undefined): string | null =>
    LESSONS.find((name) => name === String(value).toLowerCase()) ?? null;
  return {
    lesson: read('lesson', named),
    packed: read('lesson.data', (value) => (value === undefined ? null : String(value))),
    progress: read('lesson.progress', readProgress) ?? {},
  };
}

const isOfView = (path: string): boolean => path.startsWith('view.');

function readView(given: readonly Given[], refused: Refused[]): View {
  const view: View = { ...DEFAULT_VIEW };
  for (const { path, text, value: read } of given) {
    const field = own<ViewField>(VIEW_FIELDS, path.slice('view.'.length));
    const value = typeof read === 'string' ? read.toLowerCase() : read;
    if (!field) {
      const allowed: Allowed = { code: 'known_field', names: [...VIEW_NAMES] };
      refused.push({ path, value: text, allowed, because: 'unknown' });
    } else if (value === undefined || !field.accepts(value)) {
      refused.push({ path, value: text, allowed: field.allowed, because: 'not_allowed' });
    } else {
      (view as unknown as Record<string, Json>)[field.key] = value;
    }
  }
  return view;
}

/** The config with the changes made; changes to paths that cannot be are refused. */
export function applyChanges(
  config: Config,
  changes: readonly Change[],
): { config: Config; refused: Refused[] } {
  let changed = structuredClone(config) as unknown as Json;
  const refused: Refused[] = [];
  for (const { path, value } of changes) {
    try {
      changed = setAt(changed, path, value);
    } catch {
      refused.push({ path, value: JSON.stringify(value) ?? '', allowed: null, because: 'unknown' });
    }
  }
  return { config: changed as unknown as Config, refused };
}

// JSON's own punctuation may stand in a hash, and a link that can be read is worth more than a short one.
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(?:22|2C|3A|5B|5D|7B|7D)/g, decodeURIComponent);
}

function formatValue(value: Json | undefined): string {
  if (value === undefined) return '';
  // A word needs no quotes unless it would be read as JSON, or as something that a link has caught on its way.
  if (typeof value === 'string' && /^[\w-]+$/.test(value) && valueIn(value) === value) return value;
  return JSON.stringify(value);
}

const pair = (path: string, value: Json | undefined): string =>
  `${encode(path)}=${encode(formatValue(value))}`;

/** The hash of what a lesson sets (null takes a field away), beside what the visitor has chosen for all that there is to see. */
export function hashOfSettings(settings: Settings, view: Readonly<View>): string {
  const visitors = Object.entries(VIEW_FIELDS).filter(([name]) => OF_VISITOR.includes(`view.${name}`));
  const pairs = [
    ...Object.entries(settings).map(([path, value]) => pair(path, value ?? undefined)),
    ...visitors
      .filter(([, { key }]) => view[key] !== DEFAULT_VIEW[key])
      .map(([name, { key }]) => pair(`view.${name}`, view[key] as Json)),
  ];
  return `#${pairs.join('&')}`;
}

/** A view with what a lesson sets of it. */
export function viewWith(view: Readonly<View>, settings: Settings): View {
  const { view: read } = parseHash(hashOfSettings(settings, view));
  const changed = Object.keys(settings).flatMap((path) => {
    const field = own<ViewField>(VIEW_FIELDS, path.slice('view.'.length));
    return isOfView(path) && field ? [[field.key, read[field.key]] as const] : [];
  });
  return { ...view, ...Object.fromEntries(changed) };
}

/** The hash of a setting; empty if the recipe is the default one and nothing differs. `packed`: what differs, packed. */
export function formatHash(
  recipe: { name: string; config: Config },
  isDefaultRecipe: boolean,
  config: Config,
  view: Readonly<View>,
  lesson: LessonAddress | null = null,
  packed: string | null = null,
): string {
  const parts: string[] = lesson === null ? [] : [pair(lesson.path, lesson.value)];
  const differing = difference(recipe.config as unknown as Json, config as unknown as Json);
  if (!isDefaultRecipe || differing.length > 0) parts.push(`recipe=${encode(recipe.name)}`);
  if (packed !== null) parts.push(pair(PACKED, packed));
  else for (const { path, value } of differing) parts.push(pair(path, value));
  for (const [name, { key }] of Object.entries(VIEW_FIELDS)) {
    if (view[key] !== DEFAULT_VIEW[key]) parts.push(pair(`view.${name}`, view[key] as Json));
  }
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

/** What stands in the lab's sight now, as settings of a lesson: the recipe, what differs from it, and what is looked at. */
export function settingsNow(
  recipe: { name: string; config: Config },
  config: Config,
  view: Readonly<View>,
): Settings {
  const differing = difference(recipe.config as unknown as Json, config as unknown as Json).map(({ path }) =>
    settingAt(config, path),
  );
  const isWithinAnother = (path: string): boolean =>
    differing.some(([other]) => path.startsWith(`${other}.`));
  const fields = Object.entries(VIEW_FIELDS).filter(
    ([name, { key }]) =>
      name !== 'page' && !OF_VISITOR.includes(`view.${name}`) && view[key] !== DEFAULT_VIEW[key],
  );
  return {
    recipe: recipe.name,
    ...Object.fromEntries(differing.filter(([path]) => !isWithinAnother(path))),
    ...Object.fromEntries(fields.map(([name, { key }]) => [`view.${name}`, view[key] as Json])),
  };
}

/** A field with its value; JSON has no word for one that is gone, so that what it stood in is set whole. */
function settingAt(config: Config, path: string): [string, Json] {
  const value = getAt(config as unknown as Json, path);
  const end = path.lastIndexOf('.');
  if (value !== undefined || end < 0) return [path, value ?? null];
  return settingAt(config, path.slice(0, end));
}
