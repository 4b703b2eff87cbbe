/** A lesson in a link: its JSON, packed and written in letters that links leave as they are. What comes out is read like a file. */

import type { Json } from '../model/paths';
import { parseLesson, type Read, UNREADABLE } from './validate';

/** Beyond this chat programs and mail cut links. */
export const LONGEST_LINK = 8_000;

/** A link says little and may unpack to much; no lesson is a tenth as long. */
const MOST_BYTES = 1_000_000;

const FORMAT = 'deflate-raw';

async function through(bytes: Uint8Array<ArrayBuffer>, by: GenericTransformStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(by).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError(`more than ${MOST_BYTES} bytes`);
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** base64url, RFC 4648 section 5, without padding. */
function written(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** What stands behind `lesson.data=` in a link. */
export async function packLesson(lesson: Json): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(lesson));
  return written(await through(bytes, new CompressionStream(FORMAT)));
}

/** The lesson of a link, or what is wrong with it. Never rejects. */
export async function unpackLesson(text: string): Promise<Read> {
  try {
    const bytes = await through(bytesIn(text), new DecompressionStream(FORMAT));
    return parseLesson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return UNREADABLE;
  }
}
