/**
 * What a vision transformer attends to in one digit: its pass in double precision, from its weights (Dosovitskiy et al. 2021,
 * eq. 1 to 4; the crate's `src/nets/tensors/vit.rs`). The engine gives no attention, and one digit is little work.
 */

import type { WeightsFile } from './packed-weights';

const SIDE = 28;
const PATCH = 7;
/** Patches along a side. */
export const GRID = SIDE / PATCH;
export const TOKENS = GRID ** 2;
const EPSILON = 1e-5;

export interface VitPass {
  /** By block and head: how much each token (row) attends to each other (column), 16 by 16; a row sums to 1. */
  readonly attention: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly logits: readonly number[];
}

interface Spec {
  readonly width?: number;
  readonly depth?: number;
  readonly heads?: number;
  readonly shared?: boolean;
}

type Rows = readonly (readonly number[])[];

class Weights {
  constructor(private readonly file: WeightsFile) {}

  get(name: string): Float32Array {
    const tensor = this.file.tensors.get(name);
    if (!tensor) throw new RangeError(name);
    return tensor.values;
  }

  /** x · W + b. */
  linear(path: string, x: readonly number[]): number[] {
    const [weight, bias] = [this.get(`${path}.weight`), this.get(`${path}.bias`)];
    return Array.from(bias, (offset, to) =>
      x.reduce((sum, value, from) => sum + value * weight[from * bias.length + to]!, offset),
    );
  }

  norm(path: string, x: readonly number[]): number[] {
    const [gain, bias] = [this.get(`${path}.gain`), this.get(`${path}.bias`)];
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    return x.map((value, i) => ((value - mean) / Math.sqrt(variance + EPSILON)) * gain[i]! + bias[i]!);
  }
}

const added = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** Null for another network, and for one whose weights are packed. `pixels`: 784 grey values from 0 to 1. */
export function vitPass(file: WeightsFile, pixels: ArrayLike<number>): VitPass | null {
  const spec = file.net.vit as Spec | undefined;
  if (!spec || !file.tensors.has('layers.1.mlp.hidden.weight')) return null;
  const { depth = 2, heads = 4, shared = false } = spec;
  const weights = new Weights(file);
  let tokens: Rows = Array.from({ length: TOKENS }, (_, token) => embedded(weights, pixels, token));
  const attention = [];
  for (let block = 0; block < depth; block += 1) {
    const path = `layers.${shared ? 1 : block + 1}`;
    const attended = attend(weights, path, tokens, heads);
    attention.push(attended.attention);
    tokens = tokens.map((token, i) => think(weights, path, added(token, attended.out[i]!)));
  }
  const last = `layers.${(shared ? 1 : depth) + 1}`;
  const normed = tokens.map((token) => weights.norm(`${last}.norm`, token));
  const mean = normed[0]!.map((_, i) => normed.reduce((sum, token) => sum + token[i]! / TOKENS, 0));
  return { attention, logits: weights.linear(last, mean) };
}

/** The token of a patch, with its position. */
function embedded(weights: Weights, pixels: ArrayLike<number>, token: number): number[] {
  const [top, left] = [Math.floor(token / GRID) * PATCH, (token % GRID) * PATCH];
  const patch = Array.from(
    { length: PATCH ** 2 },
    (_, i) => pixels[(top + Math.floor(i / PATCH)) * SIDE + left + (i % PATCH)]!,
  );
  const values = weights.linear('layers.0', patch);
  const positions = weights.get('layers.0.positions');
  return values.map((value, i) => value + positions[token * values.length + i]!);
}

/** Multi-head self-attention behind its layer norm (Vaswani et al. 2017, eq. 1). */
function attend(
  weights: Weights,
  path: string,
  tokens: Rows,
  heads: number,
): { attention: Rows[]; out: Rows } {
  const width = tokens[0]!.length;
  const size = width / heads;
  const all = tokens.map((token) => {
    const normed = weights.norm(`${path}.attention.norm`, token);
    return weights.linear(`${path}.attention.queries_keys_values`, normed);
  });
  const part = (token: number, which: number, head: number): number[] =>
    all[token]!.slice(which * width + head * size, which * width + (head + 1) * size);
  const attention = Array.from({ length: heads }, (_, head) =>
    tokens.map((_, query) => {
      const asked = part(query, 0, head);
      const scores = tokens.map((_, key) =>
        part(key, 1, head).reduce((sum, value, i) => sum + value * asked[i]!, 0),
      );
      return softmax(scores.map((score) => score / Math.sqrt(size)));
    }),
  );
  const out = tokens.map((_, query) => {
    const seen = attention.flatMap((rows, head) =>
      Array.from({ length: size }, (_, i) =>
        rows[query]!.reduce((sum, share, key) => sum + share * all[key]![2 * width + head * size + i]!, 0),
      ),
    );
    return weights.linear(`${path}.attention.output`, seen);
  });
  return { attention, out };
}

/** A token after its perceptron, which stands behind its layer norm and beside a residual path. */
function think(weights: Weights, path: string, token: readonly number[]): number[] {
  const hidden = weights.linear(`${path}.mlp.hidden`, weights.norm(`${path}.mlp.norm`, token));
  return added(
    token,
    weights.linear(
      `${path}.mlp.output`,
      hidden.map((value) => Math.max(0, value)),
    ),
  );
}
