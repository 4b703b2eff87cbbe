/** What the ten classes are called: digits by themselves, clothes by name. */

import type { Split } from '../engine/messages';
import { m } from '../i18n/messages';
import { CLASSES } from './softening';

export interface ClassName {
  readonly name: string;
  /** What fits under a picture and beside a bar. */
  readonly short: string;
}

/** The classes of test pictures, in the order of their labels. */
export function classNames(split: Split): readonly ClassName[] {
  if (split !== 'fashion_test') {
    return Array.from({ length: CLASSES }, (_, digit) => ({ name: String(digit), short: String(digit) }));
  }
  const [names, short] = [m.classes_clothes(), m.classes_clothes_short()].map((list) => list.split('|'));
  return names!.map((name, label) => ({ name, short: short![label]! }));
}
