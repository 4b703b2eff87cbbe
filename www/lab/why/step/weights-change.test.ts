import { expect, it } from 'vitest';
import type { WeightsFile } from '../../../model/packed-weights';
import { changeOf, movedLayer } from './weights-change';

const PIXELS = 28 * 28;

/** A linear classifier whose weights are all `base`, but for one pixel of one class. */
function linear(base: number, moved: { at: number; unit: number; by: number } | null): WeightsFile {
  const values = new Float32Array(PIXELS * 10).fill(base);
  if (moved) values[moved.at * 10 + moved.unit] = base + moved.by;
  const bias = new Float32Array(10);
  const tensors = new Map([
    ['layers.0.weight', { shape: [PIXELS, 10], values }],
    ['layers.0.bias', { shape: [10], values: bias }],
  ]);
  return { net: { mlp: { hidden: [] } }, tensors, weights: (name) => tensors.get(name)?.values ?? null };
}

it('measures how far all weights have moved', () => {
  const change = changeOf(linear(1, null), linear(1, { at: 100, unit: 4, by: 0.5 }));
  expect(change.length).toBeCloseTo(Math.sqrt(PIXELS * 10), 9);
  expect(change.moved).toBeCloseTo(0.5, 9);
});

it('shows the units of the first layer that moved most', () => {
  const layer = movedLayer(linear(1, null), linear(1, { at: 100, unit: 4, by: -0.5 }), 2)!;
  expect([layer.of, layer.side, layer.count, layer.pictures.length, layer.full]).toEqual([
    'unit',
    28,
    10,
    2,
    0.5,
  ]);
  expect(layer.pictures[0]!.at).toBe(4);
  expect(layer.pictures[0]!.values[100]).toBe(-0.5);
  expect(layer.pictures[1]!.length).toBe(0);
});
