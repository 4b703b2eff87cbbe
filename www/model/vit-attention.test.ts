import { expect, it } from 'vitest';
import type { Tensor, WeightsFile } from './packed-weights';
import { TOKENS, vitPass } from './vit-attention';

const [WIDTH, HEADS, MLP, DEPTH] = [4, 2, 3, 2];

/** A small network with weights that are neither alike nor symmetric; `change` may set some of them. */
function network(
  shared: boolean,
  change: (name: string, values: Float32Array) => void = () => undefined,
): WeightsFile {
  const tensors = new Map<string, Tensor>();
  let seed = 1;
  const add = (name: string, ...shape: number[]): void => {
    const values = Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647 - 0.5;
    });
    change(name, values);
    tensors.set(name, { shape, values });
  };
  const linear = (path: string, from: number, to: number): void => {
    add(`${path}.weight`, from, to);
    add(`${path}.bias`, to);
  };
  const norm = (path: string): void => {
    add(`${path}.gain`, WIDTH);
    add(`${path}.bias`, WIDTH);
  };
  linear('layers.0', 49, WIDTH);
  add('layers.0.positions', 1, TOKENS, WIDTH);
  const stored = shared ? 1 : DEPTH;
  for (let block = 1; block <= stored; block += 1) {
    norm(`layers.${block}.attention.norm`);
    linear(`layers.${block}.attention.queries_keys_values`, WIDTH, 3 * WIDTH);
    linear(`layers.${block}.attention.output`, WIDTH, WIDTH);
    norm(`layers.${block}.mlp.norm`);
    linear(`layers.${block}.mlp.hidden`, WIDTH, MLP);
    linear(`layers.${block}.mlp.output`, MLP, WIDTH);
  }
  norm(`layers.${stored + 1}.norm`);
  linear(`layers.${stored + 1}`, WIDTH, 10);
  const net = { vit: { width: WIDTH, heads: HEADS, depth: DEPTH, mlp_width: MLP, shared } };
  return { net, tensors, weights: () => null };
}

const DIGIT = Array.from({ length: 784 }, (_, i) => (i % 13) / 13);

it.each([true, false])('every token attends to all by shares of one (shared blocks: %s)', (shared) => {
  const { attention, logits } = vitPass(network(shared), DIGIT)!;
  expect([attention.length, attention[0]!.length, attention[0]![0]!.length, logits.length]).toEqual([
    DEPTH,
    HEADS,
    TOKENS,
    10,
  ]);
  for (const row of attention.flat(2)) expect(row.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  expect(new Set(attention.flat(2).map((row) => row[0]!.toFixed(9))).size).toBeGreaterThan(TOKENS);
});

it('without queries every token attends to all alike', () => {
  const blind = (name: string, values: Float32Array): void => {
    if (name.includes('queries_keys_values')) values.fill(0);
  };
  for (const row of vitPass(network(false, blind), DIGIT)!.attention.flat(2))
    for (const share of row) expect(share).toBeCloseTo(1 / TOKENS, 12);
});

it('another network has no attention', () => {
  expect(vitPass({ ...network(true), net: { cnn: {} } }, DIGIT)).toBeNull();
});
