import { expect, test } from 'vitest';
import { csvText } from './csv';
import { fileName } from './file-names';

test('a file is called after the experiment and what it shows, in any writing', () => {
  expect(fileName(['first-race', 'Errors (of 5,000)'], 'svg')).toBe('first-race-errors-of-5-000.svg');
  expect(fileName(['', '各轮的错误'], 'png')).toBe('各轮的错误.png');
  expect(fileName(['x', `${'long '.repeat(30)}`], 'csv').length).toBeLessThan(70);
});

test('fields with commas, quotes and line ends are quoted, and what is absent is empty', () => {
  expect(
    csvText([
      ['a', 1, null],
      ['b,c', 'd"e', 'f\ng'],
    ]),
  ).toBe('a,1,\r\n"b,c","d""e","f\ng"\r\n');
});
