/** What is said of a field in the text: what it is called, what it is for, and what may stand there. */

import { exact, list, sentences } from '../../../i18n/format';
import { m } from '../../../i18n/messages';
import { labelOf, unitOf, variantLabel } from '../../../model/choices';
import { kindAt } from '../../../model/form';
import { helpOf, variantHelp } from '../../../model/help';
import { rangeOf } from '../../../model/schema';

/** The names of a choice that may stand at a path. */
export function variantsAt(
  path: string,
): readonly { readonly name: string; readonly hasSettings: boolean }[] {
  const kind = path === '' ? undefined : kindAt(path);
  if (kind?.kind !== 'choice') return [];
  return kind.variants.map(({ name, settings }) => ({ name, hasSettings: settings !== null }));
}

/** What a name is called that stands in an object at a path: a field's, or a variant's of the choice there. */
export function calledIn(path: string, name: string): string {
  const isVariant = variantsAt(path).some((variant) => variant.name === name);
  return isVariant ? variantLabel(path, name) : (labelOf(path === '' ? name : `${path}.${name}`) ?? '');
}

/** What it is for: a field, or a variant of the choice that it stands in. */
export function purposeOf(path: string): string {
  const end = path.lastIndexOf('.');
  return helpOf(path) || (end > 0 ? variantHelp(path.slice(0, end), path.slice(end + 1)) : '');
}

function rangeWords(path: string): string {
  const { min, max } = rangeOf(path);
  if (min === undefined || max === undefined) return '';
  const unit = unitOf(path);
  const range = { min: exact(min), max: exact(max) };
  return unit === '' ? m.field_range(range) : m.field_range_unit({ ...range, unit });
}

/** The same as one text; empty for what has no name of its own. */
export function fieldHelp(path: string): string {
  const end = path.lastIndexOf('.');
  const called = calledIn(path.slice(0, Math.max(0, end)), path.slice(end + 1).replace(/\[\d+\]$/, ''));
  if (called === '') return '';
  const names = variantsAt(path).map(({ name }) => name);
  const choice = names.length === 0 ? '' : m.json_one_of({ names: list(names) });
  return sentences(m.json_called({ called }), purposeOf(path), rangeWords(path), choice);
}
