import { expect, test } from 'vitest';
import { formatNumbers, parseNumbers } from './numbers';

test('numbers come back as they were written', () => {
  for (const text of ['', '3', '0, 2, 9', '0, –, 1'])
    expect(formatNumbers(parseNumbers(text) ?? ['?'])).toBe(text);
  expect(parseNumbers('7 8，9、-')).toEqual([7, 8, 9, null]);
});

test('widths are whole numbers, however they are separated', () => {
  expect(parseNumbers('30, 30')).toEqual([30, 30]);
  expect(parseNumbers('800，1200 10')).toEqual([800, 1200, 10]);
  expect(parseNumbers(' ')).toEqual([]);
});

test('what is no whole number is none', () => {
  for (const text of ['1.5', '-1', '-3', '2.5', 'three', 'abc', '30; 30', '1, x'])
    expect(parseNumbers(text)).toBeNull();
});
