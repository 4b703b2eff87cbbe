import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readWeights } from './packed-weights';
import { weightsDigest } from './weights-digest';

const FOLDER = new URL('../../assets/teachers/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, FOLDER)));

it('a shipped teacher has the digest that its card tells', async () => {
  // The one that is shipped in f32.
  const tensors = new Map(readWeights(read('mnist-cnn.safetensors')).tensors);
  const card = JSON.parse(readFileSync(new URL('mnist-cnn.json', FOLDER), 'utf8')) as {
    weights_digest: string;
  };
  expect(await weightsDigest(tensors)).toBe(card.weights_digest);
  tensors.get('layers.0.bias')!.values[0]! += 1e-6;
  expect(await weightsDigest(tensors)).not.toBe(card.weights_digest);
});

it('networks of other parameters have none, nor a file without any in f32', async () => {
  const values = new Float32Array(4);
  expect(await weightsDigest(new Map([['blocks.0.attention.norm.gain', { shape: [4], values }]]))).toBeNull();
  expect(await weightsDigest(readWeights(read('mnist-cnn-1000.safetensors')).tensors)).toBeNull();
});
