import { expect, test } from 'vitest';
import type { FieldDifference } from './config-difference';
import { cut, LONGEST_NAME, nameOf } from './naming';

const change = (path: string, to: number): FieldDifference => ({ path, from: 0, to });
const words = ({ path, to }: FieldDifference): string => `${path} ${to}`;

test('a name says the recipe, two changes, and how many more there are', () => {
  const changes = [change('T', 8), change('epochs', 3), change('batch', 32), change('seed', 2)];
  expect(nameOf('First race', [], words, new Set())).toBe('First race');
  expect(nameOf('First race', changes.slice(0, 1), words, new Set())).toBe('First race · T 8');
  expect(nameOf('First race', changes, words, new Set())).toBe('First race · T 8, epochs 3, +2');
});

test('no two runs have the same name', () => {
  const taken = new Set(['First race', 'First race (2)']);
  expect(nameOf('First race', [], words, taken)).toBe('First race (3)');
});

test('a long name is cut between characters', () => {
  const name = cut(`  ${'教'.repeat(LONGEST_NAME)}🙂🙂 `);
  expect([...name]).toHaveLength(LONGEST_NAME);
  expect(name.endsWith('教…')).toBe(true);
  expect(cut(' short ')).toBe('short');
});
