import { expect, test } from 'vitest';
import { cellValue } from './table-rows';

test('numbers lose what a language puts between figures, and words stay', () => {
  const texts = ['1,234', '−1,234.5', ' 12 ', '120–340', '1,23', '98.1 %', '—', 'Student\n  A', ''];
  expect(texts.map(cellValue)).toEqual([
    '1234',
    '-1234.5',
    '12',
    '120–340',
    '1,23',
    '98.1 %',
    null,
    'Student A',
    '',
  ]);
});
