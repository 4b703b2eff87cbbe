import { expect, test } from 'vitest';
import { formatNumbers, parseNumbers } from './numbers';

test('numbers come back as they were written', () => {
  for (const text of ['', '3', '0, 2, 9', '0, –, 1'])
    expect(formatNumbers(parseNumbers(text) ?? ['?'])).toBe(text);
  expect(parseNumbers('7 8，9、-')).toEqual([7, 8, 9, null]);
});

test('what is no whole number is none', () => {
  for (const text of ['1.5', '-1', 'three', '1, x']) expect(parseNumbers(text)).toBeNull();
});
