/** A name that says what a run is: its recipe, and what was changed of it. */

import type { FieldDifference } from './config-difference';

/** As many changes as a name has room for. */
const MOST_CHANGES = 2;
/** Longer names are cut. */
export const LONGEST_NAME = 80;

/**
 * A speaking name that no other run has: `title` is the recipe's, `words` says a change in a few words. One that is taken
 * gets a number behind it.
 */
export function nameOf(
  title: string,
  differences: readonly FieldDifference[],
  words: (difference: FieldDifference) => string,
  taken: ReadonlySet<string>,
): string {
  const told = differences.slice(0, MOST_CHANGES).map(words);
  const more = differences.length - told.length;
  const changes = [...told, ...(more > 0 ? [`+${more}`] : [])].join(', ');
  return unlike(cut(changes === '' ? title : `${title} · ${changes}`), taken);
}

/** The name itself, or with the first number that makes it another than those. */
export function unlike(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const numbered = `${name} (${number})`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** A name as long as there is room for; whole characters, without what nobody sees around it. */
export function cut(name: string): string {
  const characters = [...name.trim()];
  return characters.length > LONGEST_NAME
    ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…`
    : name.trim();
}
