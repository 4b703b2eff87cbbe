/** Names of what a failure is about: files, texts, kinds of names, sets of pictures. */

import type { Named, Split } from '../../engine/generated/types';
import { m } from '../../i18n/messages';
import { clipped } from './clipped';

/** Where a piece of data comes from, which decides what can be done about it. */
export type Origin = 'fetched' | 'own' | 'drawing';

export interface DataSubject {
  readonly name: string;
  readonly origin: Origin;
}

const OWN: Readonly<Record<string, () => string>> = {
  'own images': m.data_own_images,
  'own labels': m.data_own_labels,
  'own test images': m.data_own_test_images,
  'own test labels': m.data_own_test_labels,
};

/** The name that the lab gives a piece of data, as people read it. */
export function dataSubject(name: string): DataSubject {
  if (name === 'drawing') return { name: m.data_drawing(), origin: 'drawing' };
  if (Object.hasOwn(OWN, name)) return { name: OWN[name]!(), origin: 'own' };
  if (name.startsWith('own')) return { name: m.data_own_pair(), origin: 'own' };
  const [, sheet, part] = /^sheet ([^,]+)(?:, (images|labels))?$/.exec(name) ?? [];
  if (sheet === undefined) return { name: m.data_file({ name: clipped(name) }), origin: 'fetched' };
  const named =
    part === 'images' ? m.data_sheet_images : part === 'labels' ? m.data_sheet_labels : m.data_sheet;
  return { name: named({ name: clipped(sheet) }), origin: 'fetched' };
}

const PARSED: Readonly<Record<string, () => string>> = {
  config: m.parsed_config,
  grid: m.parsed_grid,
  card: m.parsed_card,
};

/** A text that could not be read, and whether it is a setting rather than a file. */
export function parsedSubject(what: string): { name: string; isSetting: boolean } {
  const isSetting = what === 'config' || what === 'grid';
  const name = Object.hasOwn(PARSED, what) ? PARSED[what]!() : m.parsed_file({ name: clipped(what) });
  return { name, isSetting };
}

export const NAMED: Readonly<Record<Named, () => string>> = {
  recipe: m.named_recipe,
  sheet: m.named_sheet,
  model: m.named_model,
  digit_model: m.named_digit_model,
  checkpoint: m.named_checkpoint,
  layer: m.named_layer,
  parameter: m.named_parameter,
  type: m.named_type,
};

/** Shipped pictures of a split; the visitor's own are none of them. */
export function picturesOf(split: Split): string | null {
  if (split.startsWith('own')) return null;
  if (split.startsWith('fashion')) return m.pictures_of_clothes();
  return split === 'test' ? m.pictures_of_test() : m.pictures_of_train();
}
