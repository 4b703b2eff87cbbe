import { expect, it } from 'vitest';
import { idxOf } from './idx';

it('writes the header of each file and the values behind it', () => {
  const digits = [7, 2].map((label) => ({ pixels: new Uint8Array(784).fill(label * 10), label }));
  const { images, labels, readings } = idxOf(digits);
  expect([...images.subarray(0, 16)]).toEqual([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
  expect(images.length).toBe(16 + 2 * 784);
  expect([images[16], images[16 + 784]]).toEqual([70, 20]);
  expect([...labels]).toEqual([0, 0, 8, 1, 0, 0, 0, 2, 7, 2]);
  expect(readings).toEqual([]);
});
