import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LESSONS } from './list';
import { parseLesson } from './validate';

const FOLDER = new URL('../../docs/teaching/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test.each(files)('%s of the teachers’ folder opens', (name) => {
  expect(parseLesson(read(name)).problems).toEqual([]);
});

test('the teachers’ pages name the lessons of the course in their order', () => {
  expect(files).not.toEqual([]);
  for (const page of ['README.md', 'zh.md']) {
    const named = [...read(page).matchAll(/^\| \d+ \| `([\w-]+)`/gm)].map(([, name]) => name);
    expect(named, page).toEqual(LESSONS);
  }
});
