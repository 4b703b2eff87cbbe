import { expect, test } from 'vitest';
import { withShape } from './known-names';

test('a layer is told with the shape of its values, other names alone', () => {
  expect(withShape({ name: 'conv.1', shape: [24, 4, 4] })).toBe('conv.1 · 24 × 4 × 4');
  expect(withShape({ name: 'teacher', shape: null })).toBe('teacher');
});
