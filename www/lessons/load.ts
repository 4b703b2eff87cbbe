/** Fetches lessons, each when it is asked for. */

import type { Json } from '../model/paths';
import { type Read, readLesson } from './validate';

const FILES = import.meta.glob<Json>('./data/*.json', { import: 'default' });

/** A lesson of the list. Rejects where its file cannot be had. */
export async function loadLesson(name: string): Promise<Read> {
  return readLesson(await FILES[`./data/${name}.json`]!());
}
