import { describe, expect, it } from 'vitest';

import { DEFINITIONS } from './definitions';
import { glossaryLocale, TERM_IDS, termWords } from './glossary';

const FUNCTIONS = ['exp', 'round', 'softmax', 'accᵦ', 'confᵦ'];

describe('glossary', () => {
  it.each(TERM_IDS.map((id) => [id] as const))('defines %s in both languages, each in its own', (id) => {
    const { en, zh, formula = '=' } = DEFINITIONS[id];
    expect(en).toMatch(/^[A-Z\d].*[.]$/s);
    expect(zh).toMatch(/\p{Script=Han}.*。$/su);
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(termWords(id, 'en').length * termWords(id, 'zh').length).toBeGreaterThan(0);
    // The same in all languages: signs, and names of functions.
    for (const name of formula.match(/\p{L}{3,}/gu) ?? []) expect(FUNCTIONS).toContain(name);
  });

  it('has each term once, in the order in which definitions stand', () => {
    expect(Object.keys(DEFINITIONS)).toEqual(TERM_IDS);
    for (const locale of ['en', 'zh']) {
      const words = TERM_IDS.map((id) => termWords(id, locale).toLowerCase());
      expect(words.filter((word, place) => words.indexOf(word) !== place)).toEqual([]);
    }
  });

  it('takes every Chinese tag for Chinese and any other language for English', () => {
    expect(termWords('entropy', 'zh-Hans')).toBe('熵');
    expect(termWords('entropy', 'de')).toBe('entropy');
    expect(glossaryLocale('zh-CN')).toBe('zh');
  });
});
