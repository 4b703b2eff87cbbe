import { expect, test } from 'vitest';
import { mergedTensors, readTensors } from './safetensors';

/** A file of one tensor of bytes. */
function fileOf(name: string, bytes: number[]): Uint8Array<ArrayBuffer> {
  const header = JSON.stringify({
    __metadata__: { net: 'x' },
    [name]: { dtype: 'U8', shape: [bytes.length], data_offsets: [0, bytes.length] },
  });
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(bytes, 8 + json.length);
  return file;
}

test('several files become one, each tensor by the name of its file', () => {
  const made = mergedTensors(
    new Map([
      ['a', fileOf('layers.0.bias', [1, 2, 3])],
      ['b', fileOf('layers.0.bias', [4])],
    ]),
    { made_by: 'Distillery' },
  );
  const { metadata, tensors } = readTensors(made);
  expect(metadata).toEqual({ made_by: 'Distillery' });
  expect([...tensors].map(([name, { bytes, entry }]) => [name, [...bytes], entry.shape])).toEqual([
    ['a/layers.0.bias', [1, 2, 3], [3]],
    ['b/layers.0.bias', [4], [1]],
  ]);
});

test('what is no such file is refused', () => {
  const file = fileOf('x', [1, 2, 3]);
  expect(() => readTensors(file.subarray(0, 4))).toThrow(SyntaxError);
  expect(() => readTensors(file.subarray(0, file.length - 1))).toThrow('x: its values lie beyond the file');
  expect(() => readTensors(new Uint8Array(64).fill(255))).toThrow(SyntaxError);
});
