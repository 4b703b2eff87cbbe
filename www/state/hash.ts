/**
 * Settings ⇄ the URL's hash. The hash names the recipe and then only what differs from it:
 * `#recipe=first-race&seed=3&models.student.objective.temperature=8&view.t=2.5`. A value is JSON;
 * what is not JSON is a word; an empty value takes a field away.
 */

import type { Config } from '../engine/generated/types';
import { type Change, difference, type Json, setAt } from './paths';
import { DEFAULT_VIEW, type View } from './view';

/** A setting of the URL that was not taken over, for a notice. */
export interface Refused {
  readonly path: string;
  readonly value: string;
  readonly allowed: string;
}

export interface ParsedHash {
  readonly recipe: string | null;
  readonly changes: readonly Change[];
  readonly view: View;
  readonly refused: readonly Refused[];
}

interface ViewField {
  readonly key: keyof View;
  readonly allowed: string;
  readonly accepts: (value: Json) => boolean;
}

const oneOf = (...words: string[]): Pick<ViewField, 'allowed' | 'accepts'> => ({
  allowed: words.join(', '),
  accepts: (value) => typeof value === 'string' && words.includes(value),
});

const between = (min: number, max: number, whole: boolean): Pick<ViewField, 'allowed' | 'accepts'> => ({
  allowed: `${min} … ${max}`,
  accepts: (value) =>
    typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value)),
});

/** Every part of the view by its name in the URL. */
const VIEW_FIELDS: Readonly<Record<string, ViewField>> = {
  t: { key: 'temperature', ...between(1, 20, false) },
  log: { key: 'logAxis', allowed: 'true, false', accepts: (value) => typeof value === 'boolean' },
  digit: { key: 'digit', ...between(0, 9999, true) },
  sort: { key: 'sort', ...oneOf('unsure', 'order', 'label') },
  engine: { key: 'engine', ...oneOf('auto', 'cpu', 'webgpu') },
  lang: { key: 'locale', ...oneOf('en', 'zh') },
  theme: { key: 'theme', ...oneOf('auto', 'light', 'dark') },
};

function parseValue(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray per cent sign: taken as it stands, validation will name the field.
    return text;
  }
}

/** Reads a hash; view settings are checked here, config settings by the lab. */
export function parseHash(hash: string): ParsedHash {
  let recipe: string | null = null;
  const changes: Change[] = [];
  const view: View = { ...DEFAULT_VIEW };
  const refused: Refused[] = [];
  for (const pair of hash.replace(/^#/, '').split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const path = decode(at < 0 ? pair : pair.slice(0, at));
    const text = at < 0 ? '' : decode(pair.slice(at + 1));
    if (path === 'recipe') recipe = text;
    else if (path.startsWith('view.')) readView(path, text, view, refused);
    else changes.push({ path, value: parseValue(text) });
  }
  return { recipe, changes, view, refused };
}

function readView(path: string, text: string, view: View, refused: Refused[]): void {
  const name = path.slice('view.'.length);
  const field = Object.hasOwn(VIEW_FIELDS, name) ? VIEW_FIELDS[name]! : null;
  const value = parseValue(text);
  if (!field) {
    refused.push({ path, value: text, allowed: Object.keys(VIEW_FIELDS).join(', ') });
  } else if (value === undefined || !field.accepts(value)) {
    refused.push({ path, value: text, allowed: field.allowed });
  } else {
    (view as unknown as Record<string, Json>)[field.key] = value;
  }
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
      refused.push({ path, value: JSON.stringify(value ?? null), allowed: '' });
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
  // A word needs no quotes unless it would be read as JSON.
  if (typeof value === 'string' && value !== '' && parseValue(value) === value) return value;
  return JSON.stringify(value);
}

/** The hash of a setting; empty if the recipe is the default one and nothing differs. */
export function formatHash(
  recipe: { name: string; config: Config },
  isDefaultRecipe: boolean,
  config: Config,
  view: Readonly<View>,
): string {
  const parts: string[] = [];
  const differing = difference(recipe.config as unknown as Json, config as unknown as Json);
  if (!isDefaultRecipe || differing.length > 0) parts.push(`recipe=${encode(recipe.name)}`);
  for (const { path, value } of differing) parts.push(`${encode(path)}=${encode(formatValue(value))}`);
  for (const [name, { key }] of Object.entries(VIEW_FIELDS)) {
    if (view[key] !== DEFAULT_VIEW[key]) parts.push(`view.${name}=${encode(formatValue(view[key] as Json))}`);
  }
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}
