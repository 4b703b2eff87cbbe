import { expect, test } from 'vitest';
import { asInteger } from './arguments';

test('index 1.5, NaN, "3", −1, 10000 and none: refused by name with the range 0 to 9999', () => {
  for (const index of [1.5, Number.NaN, '3', -1, 10_000, undefined, null]) {
    expect(() => asInteger('digit', index, 0, 9999)).toThrow(
      expect.objectContaining({
        code: 'argument_invalid',
        problems: [expect.objectContaining({ path: 'digit', allowed: { code: 'whole', min: 0, max: 9999 } })],
      }),
    );
  }
  expect([asInteger('digit', 0, 0, 9999), asInteger('digit', 9999, 0, 9999)]).toEqual([0, 9999]);
});
