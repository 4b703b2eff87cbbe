import { expect, test } from 'vitest';
import { parseWidths } from './widths';

test('widths are whole numbers, however they are separated', () => {
  expect(parseWidths('30, 30')).toEqual([30, 30]);
  expect(parseWidths('800，1200 10')).toEqual([800, 1200, 10]);
  expect(parseWidths(' ')).toEqual([]);
});

test('anything else is refused', () => {
  for (const text of ['abc', '30; 30', '-3', '2.5', '0']) expect(parseWidths(text)).toBeNull();
});
