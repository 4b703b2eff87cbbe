/** Sets of the visitor's own pictures, as the page keeps them for every engine that may need them. */

import type { Reading } from './generated/types';

export type { OwnSplit } from './lab';

/** A pair of idx files, gzipped or not, and how the pictures are read, one reading after another. */
export interface OwnPictures {
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly readings: readonly Reading[];
}
