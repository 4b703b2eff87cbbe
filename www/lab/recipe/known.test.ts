import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import claims from './claims.json';
import { knownOf } from './known';

const FOLDER = new URL('../../../src/experiment/recipes/', import.meta.url);
const RECIPES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

test('every recipe has a claim and something to try next, in both languages', () => {
  expect(RECIPES.length).toBeGreaterThan(30);
  for (const recipe of RECIPES) {
    const known = knownOf(recipe);
    for (const text of [known?.claim, known?.next]) {
      expect(text?.en, recipe).toMatch(/\S.*[.?]$/);
      expect(text?.zh, recipe).toMatch(/\p{Script=Han}.*[。？]$/u);
    }
  }
});

test('no text is left of a recipe that is no more', () => {
  expect(Object.keys(claims).sort()).toEqual([...RECIPES].sort());
});

test('both languages tell the same published figures', () => {
  const figures = (text: string): string[] => [...new Set(text.match(/\d[\d.,]*\d|\d/g))].sort();
  for (const [recipe, { claim }] of Object.entries(claims))
    expect(figures(claim.zh), recipe).toEqual(figures(claim.en));
});

test('what is to be tried next names other recipes by their titles', () => {
  const titles = RECIPES.map(
    (name) =>
      JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')).title as { en: string; zh: string },
  );
  let named = 0;
  for (const { next } of Object.values(claims)) {
    for (const language of ['en', 'zh'] as const) {
      for (const [, title] of next[language].matchAll(/“([^”]+)”/g)) {
        expect(titles.map((one) => one[language])).toContain(title);
        named += 1;
      }
    }
  }
  expect(named).toBeGreaterThan(10);
});

test('what no recipe is called has nothing known', () => {
  expect(knownOf('constructor')).toBeNull();
});
