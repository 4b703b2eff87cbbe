import { expect, it } from 'vitest';
import { readAttributes } from './attributes.js';
import { failureIn, type Language, wordsIn } from './words.js';

const WRONG = { src: 'about:blank', lang: 'fr', theme: 'blue', height: '1' };

it.each<[Language, RegExp, RegExp]>([
  ['en', /Allowed/, /undefined|null|[\u4e00-\u9fff]/],
  ['zh', /允许/, /undefined|null|Allowed|is not/],
])(
  '%s: every attribute that does not fit has a sentence with its value and what is allowed',
  (language, needed, strange) => {
    const { problems } = readAttributes(WRONG, { base: 'https://a.example/' });
    expect(problems.map(({ path }) => path)).toEqual(['src', 'lang', 'theme', 'height']);
    for (const problem of problems) {
      const sentence = wordsIn(language).problem(problem);
      expect(sentence).toContain(problem.path);
      expect(sentence).toContain(problem.value);
      expect(sentence).toMatch(needed);
      expect(sentence).not.toMatch(strange);
    }
  },
);

it('tells a page that does not answer from one of another version', () => {
  const told = (code: string) =>
    failureIn('en', { code, message: '', problems: [] }, 'https://site.example/');
  expect(told('no_answer')).toContain('https://site.example/');
  expect(told('contract')).toContain('another version');
});
