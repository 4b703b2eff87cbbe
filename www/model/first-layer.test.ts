import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstLayer } from './first-layer';
import { readWeights } from './packed-weights';

/** A safetensors file of these tensors. */
function fileOf(
  net: object,
  parts: Record<string, Float32Array | Uint8Array>,
  packed: object = {},
): Uint8Array {
  const header: Record<string, unknown> = {
    __metadata__: { net: JSON.stringify(net), packed: JSON.stringify(packed) },
  };
  const bytes: number[] = [];
  for (const [name, values] of Object.entries(parts)) {
    const from = bytes.length;
    bytes.push(...new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const dtype = values instanceof Float32Array ? 'F32' : 'U8';
    header[name] = { dtype, shape: [values.length], data_offsets: [from, bytes.length] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes, 8 + text.length);
  return file;
}

const layerOf = (...given: Parameters<typeof fileOf>) => firstLayer(readWeights(fileOf(...given)));

describe('the first layer', () => {
  it('of a perceptron is a picture of 28 by 28 for each unit', () => {
    const weights = Float32Array.from({ length: 784 * 2 }, (_, i) => i);
    const layer = layerOf({ mlp: { hidden: [2] } }, { 'layers.0.weight': weights });
    expect(layer).toMatchObject({ of: 'unit', side: 28 });
    expect(layer!.pictures.map((picture) => [picture.length, picture[0], picture[1]])).toEqual([
      [784, 0, 2],
      [784, 1, 3],
    ]);
  });

  it('of thin layers is their product', () => {
    const first = new Float32Array(784).fill(2);
    const parts = { 'layers.0.first_factor': first, 'layers.0.second_factor': Float32Array.of(1, -3) };
    const layer = layerOf({ mlp: { hidden: [2], rank: 1 } }, parts);
    expect(layer!.pictures.map((picture) => picture[783])).toEqual([2, -6]);
  });

  it('of a CNN is a picture for each filter', () => {
    const file = readFileSync(new URL('../../assets/teachers/mnist-cnn.safetensors', import.meta.url));
    const weights = readWeights(new Uint8Array(file));
    const layer = firstLayer({
      ...weights,
      net: { cnn: { channels: [weights.tensors.get('layers.0.bias')!.shape[0]], kernel: 5 } },
    });
    expect(layer).toMatchObject({ of: 'filter', side: 5 });
    const flat = weights.tensors.get('layers.0.weight')!.values;
    expect([...layer!.pictures[1]!]).toEqual([...flat.slice(25, 50)]);
  });

  it('of a recurrent network is none', () => {
    expect(layerOf({ rnn: { units: 4 } }, {})).toBeNull();
  });
});

describe('packed weights', () => {
  const name = 'layers.0.weight';
  const weightsOf = (
    parts: Record<string, Float32Array | Uint8Array>,
    form: object,
    shape: readonly number[],
  ) => [...readWeights(fileOf({}, parts, { [name]: form })).weights(name, shape)!];

  it('are codes by a scale for each unit', () => {
    // 3 bits, most = 3: codes 0 … 6 are −3 … 3; bits 000 110 011 100, the lowest first.
    const codes = Uint8Array.of(0b11_110_000, 0b0000_100_0);
    const parts = { [`${name}.codes`]: codes, [`${name}.scales`]: Float32Array.of(0.5, 2) };
    expect(weightsOf(parts, { bits: 3 }, [2, 2])).toEqual([-1.5, 6, 0, 2]);
  });

  it('are values where a mask, or gaps, say that something is there', () => {
    const values = Float32Array.of(7, 8);
    const mask = { [`${name}.values`]: values, [`${name}.mask`]: Uint8Array.of(0b1001) };
    expect(weightsOf(mask, { zeros: 'mask' }, [2, 2])).toEqual([7, 0, 0, 8]);
    const gaps = { [`${name}.values`]: values, [`${name}.gaps`]: Uint8Array.of(1, 255, 2) };
    const far = weightsOf(gaps, { zeros: 'gaps' }, [300]);
    expect([far[1], far[2 + 255 + 2], far.filter((weight) => weight !== 0).length]).toEqual([7, 8, 2]);
  });
});
