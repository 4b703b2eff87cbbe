/** A lesson in a link: its JSON, packed. What comes out is read like a file. */

import { packText, unpackText } from '../model/packed-text';
import type { Json } from '../model/paths';
import { parseLesson, type Read, UNREADABLE } from './validate';

/** No lesson is a tenth as long. */
const MOST_BYTES = 1_000_000;

const FORMAT = 'deflate-raw';

/** What stands behind `lesson.data=` in a link. */
export function packLesson(lesson: Json): Promise<string> {
  return packText(JSON.stringify(lesson), FORMAT);
}

/** The lesson of a link, or what is wrong with it. Never rejects. */
export async function unpackLesson(text: string): Promise<Read> {
  try {
    return parseLesson(await unpackText(text, FORMAT, MOST_BYTES));
  } catch {
    return UNREADABLE;
  }
}
