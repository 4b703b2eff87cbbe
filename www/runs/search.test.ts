import { expect, test } from 'vitest';
import { isFound } from './search';

test('every word has to stand somewhere, in whatever case or width', () => {
  const texts = ['First race · Temperature 8', 'hoped for less', 'cpu'];
  expect(isFound('', texts)).toBe(true);
  expect(isFound('  CPU temperature ', texts)).toBe(true);
  expect(isFound('ｃｐｕ', texts)).toBe(true);
  expect(isFound('temperature webgpu', texts)).toBe(false);
});
