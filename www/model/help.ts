/**
 * What a field or a choice is for, in the reader's language: a line of `i18n/help/`, which has each in Chinese; in English the
 * schema's own words stand where no line takes their place. A test holds that every field and choice has both.
 */

import { help } from '../i18n/help.svelte';
import { locale } from '../i18n/locale.svelte';
import { alternatives, fieldAt, isSchedule, partAt, variantsOf } from './schema';

/** What the schema says, without marks of code and without its sources, which the glossary and the recipes name. */
export function plain(description = ''): string {
  return description
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
    .replace(/ \([^()]*\b(19|20)\d\d\b[^()]*\)/g, '');
}

function lineOf(key: string, description: string | undefined): string {
  const line = help.of(key);
  if (!line) return '';
  return locale() === 'zh' ? line.zh : (line.en ?? plain(description));
}

/**
 * What the field at a path is for. The items of a list have its line above them, and what stands within a chosen variant that is no
 * structure that of the variant.
 */
export function helpOf(path: string): string {
  const field = fieldAt(path);
  if (!field) return '';
  return path.split('.').at(-1) === field.name || isSchedule(field)
    ? lineOf(`${field.type}_${field.name}`, field.node.description)
    : '';
}

/** What it means to choose a variant of the field at a path, whichever of the types that it may be of has it. */
export function variantHelp(path: string, name: string): string {
  const part = partAt(path);
  const types = new Set(part ? alternatives(part).map(({ type }) => type) : []);
  for (const type of types) {
    const variant = variantsOf(type).find((one) => one.name === name);
    if (variant) return lineOf(`${type}_${name}`, variant.description);
  }
  return '';
}
