import { expect, test } from 'vitest';
import { checkedIndex, checkedPixels, checkedTemperatures } from './checked';

test('index 1.5, NaN, "3", −1, 10000 and none: refused by name with the range 0 to 9999', () => {
  for (const index of [1.5, Number.NaN, '3', -1, 10_000, undefined, null]) {
    expect(() => checkedIndex('test', index)).toThrow(
      expect.objectContaining({
        code: 'argument_invalid',
        problems: [expect.objectContaining({ path: 'index', allowed: 'a whole number from 0 to 9999' })],
      }),
    );
  }
  expect([checkedIndex('test', 0), checkedIndex('test', 9999)]).toEqual([0, 9999]);
  expect(checkedIndex('train', 59_999)).toBe(59_999);
});

test('temperatures are a list of numbers above 0', () => {
  expect(checkedTemperatures([1, 0.5])).toEqual([1, 0.5]);
  for (const wrong of [5, 'x', [0], [1, -1], [Number.POSITIVE_INFINITY], ['2']]) {
    expect(() => checkedTemperatures(wrong)).toThrow(expect.objectContaining({ code: 'argument_invalid' }));
  }
});

test('a picture is 784 values of 0 to 1', () => {
  expect(checkedPixels(new Array(784).fill(0.5))).toHaveLength(784);
  expect(checkedPixels(new Float64Array(784))).toHaveLength(784);
  for (const wrong of [
    [],
    new Array(783).fill(0),
    new Array(784).fill(255),
    new Array(784).fill(Number.NaN),
    'x',
  ]) {
    expect(() => checkedPixels(wrong)).toThrow(expect.objectContaining({ code: 'argument_invalid' }));
  }
});
