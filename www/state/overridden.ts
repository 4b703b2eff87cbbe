/** Changes that others behind them undo: the last one counts, and the visitor is told of the rest. */

import { type Change, isBranch } from '../model/paths';

/** Of changes made one after another, those that leave no trace: what a later one sets to something else. */
export function overridden<T extends Change>(changes: readonly T[]): T[] {
  const later = new Map<string, string>();
  const around = new Set<string>();
  const found: T[] = [];
  for (const change of changes.toReversed()) {
    const { path, value } = change;
    const text = JSON.stringify(value) ?? '';
    const outer = outside(path);
    const same = later.get(path);
    const isReplaced = (same !== undefined && same !== text) || outer.some((place) => later.has(place));
    // What lies within a number, a word or a list can only stand in its place.
    const isBuiltOver = around.has(path) && value !== undefined && !isBranch(value);
    if (isReplaced || isBuiltOver) found.push(change);
    if (same === undefined) later.set(path, text);
    for (const place of outer) around.add(place);
  }
  return found.toReversed();
}

/** Every path that a path lies within. */
function outside(path: string): string[] {
  const keys = path.split('.');
  return keys.slice(1).map((_, i) => keys.slice(0, i + 1).join('.'));
}
