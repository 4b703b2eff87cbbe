/** Pictures and labels as a pair of idx files: what an engine takes as a set of the visitor's own. */

import type { Digit } from './messages';
import type { OwnPictures } from './own-pictures';

const SIDE = 28;
/** Two bytes of nothing, unsigned bytes, and how many numbers of sizes follow. */
const IMAGES = 0x0803;
const LABELS = 0x0801;

export function idxOf(digits: readonly Digit[]): OwnPictures {
  const count = digits.length;
  const pixels = digits.map((digit) => digit.pixels);
  const labels = [Uint8Array.from(digits, ({ label }) => label)];
  return {
    images: withHeader([IMAGES, count, SIDE, SIDE], pixels),
    labels: withHeader([LABELS, count], labels),
    readings: [],
  };
}

function withHeader(header: readonly number[], parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const from = header.length * 4;
  const file = new Uint8Array(from + parts.reduce((all, part) => all + part.length, 0));
  const view = new DataView(file.buffer);
  for (const [place, number] of header.entries()) view.setUint32(place * 4, number);
  let at = from;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
