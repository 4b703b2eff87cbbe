import { expect, test } from 'vitest';
import { checkedIndex } from './checked';

test('index 1.5, NaN, "3", −1, 10000 and none: refused by name with the range 0 to 9999', () => {
  for (const index of [1.5, Number.NaN, '3', -1, 10_000, undefined, null]) {
    expect(() => checkedIndex('test', index)).toThrow(
      expect.objectContaining({
        code: 'argument_invalid',
        problems: [expect.objectContaining({ path: 'digit', allowed: 'a whole number from 0 to 9999' })],
      }),
    );
  }
  expect([checkedIndex('test', 0), checkedIndex('test', 9999)]).toEqual([0, 9999]);
  expect(checkedIndex('train', 59_999)).toBe(59_999);
});
