/**
 * The one catalogue of the config's fields and choices in the reader's language. The schema says what there is, and
 * `i18n/messages/LANGUAGE/choices.json` what it is called: `field_TYPE_NAME` and `choice_TYPE_VARIANT`. A test holds it complete.
 * What each is for stands in `help.ts`.
 */

import { m } from '../i18n/messages';
import { own } from './own';
import { alternatives, choiceOf, fieldAt, partAt, type Variant, variantName, variantsOf } from './schema';

const MESSAGES = m as unknown as Readonly<Record<string, () => string>>;

const message = (kind: 'field' | 'choice' | 'unit', name: string): string | undefined =>
  own(MESSAGES, `${kind}_${name}`)?.();

/** What a field of a type is called; one that nobody knows keeps its own name. */
export function fieldLabel(type: string, name: string): string {
  return message('field', `${type}_${name}`) ?? name;
}

/** What the field at a path is called; undefined if there is none. */
export function labelOf(path: string): string | undefined {
  const field = fieldAt(path);
  return field && fieldLabel(field.type, field.name);
}

/** What the number at a path counts or is measured in; empty for a bare one. */
export function unitOf(path: string): string {
  const unit = fieldAt(path)?.node['x-unit'];
  return (unit && message('unit', unit)) ?? '';
}

/** What a variant of a type is called. Its value may come with settings; one that nobody knows keeps its own name. */
export function choiceName(type: string, value: unknown): string {
  const variant = variantName(value) ?? '';
  return message('choice', `${type}_${variant}`) ?? variant;
}

export interface Choice {
  readonly variant: Variant;
  readonly label: string;
}

/** What can be chosen at a path. */
export function choicesAt(path: string): Choice[] {
  const field = fieldAt(path);
  const type = (field && choiceOf(field)) ?? '';
  return variantsOf(type).map((variant) => ({ variant, label: choiceName(type, variant.name) }));
}

/** What a variant of the field at a path is called, whichever of the types that it may be of has it. */
export function variantLabel(path: string, name: string): string {
  const part = partAt(path);
  const types = new Set(part ? alternatives(part).map(({ type }) => type) : []);
  const said = [...types].map(
    (type) => message('choice', `${type}_${name}`) ?? message('field', `${type}_${name}`),
  );
  return said.find((text) => text !== undefined) ?? name;
}
