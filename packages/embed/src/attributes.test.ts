import { describe, expect, it } from 'vitest';
import { addressFor, languageOf, readAttributes } from './attributes.js';

const BASE = 'https://course.example/week/1.html';
const SITE = 'https://site.example/distillery/';

const read = (
  given: Parameters<typeof readAttributes>[0],
  more: { home?: string; inherited?: string } = {},
) => readAttributes(given, { base: BASE, ...more });

describe('the address of the frame', () => {
  it('has recipe, lesson, settings, language and theme as links of the page have them', () => {
    const given = {
      src: SITE,
      recipe: 'first race',
      lesson: 'a&b',
      settings: '#seed=3',
      lang: 'zh-CN',
      theme: 'dark',
    };
    const found = read(given);
    expect(found.problems).toEqual([]);
    expect(addressFor(found)).toBe(
      `${SITE}#recipe=first%20race&lesson=a%26b&seed=3&view.lang=zh&view.theme=dark`,
    );
  });

  it('is the bare one without any of them', () => {
    expect(addressFor(read({ src: SITE }))).toBe(SITE);
  });

  it('keeps what its own link carries, before what attributes add', () => {
    expect(addressFor(read({ src: `${SITE}?a=1#recipe=x`, settings: 'seed=3' }))).toBe(
      `${SITE}?a=1#recipe=x&seed=3`,
    );
  });

  it('hands on a lesson that the link of its src brings along, letter by letter', () => {
    const found = read({ src: `${SITE}#lesson.data=Ab-_9`, lang: 'zh', height: '600' });
    expect(found.problems).toEqual([]);
    expect(addressFor(found)).toBe(`${SITE}#lesson.data=Ab-_9&view.lang=zh`);
  });

  it('is read against the document, and beside the script without a src', () => {
    expect(read({ src: '/lab/' }).src).toBe('https://course.example/lab/');
    expect(read({}, { home: SITE }).src).toBe(SITE);
  });

  it.each([
    [undefined, ''],
    ['', ''],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['file:///a', 'file:///a'],
    ['http://', 'http://'],
  ])('%s is none', (src, value) => {
    const { src: none, problems } = read(src === undefined ? {} : { src });
    expect(none).toBeNull();
    expect(problems).toEqual([{ path: 'src', value, allowed: { code: 'address' } }]);
  });
});

describe('the look', () => {
  it('takes the language of the text around it, if the page has it', () => {
    expect(read({ src: SITE }, { inherited: 'zh-Hant' }).look.lang).toBe('zh');
    const french = read({ src: SITE }, { inherited: 'fr' });
    expect([french.look.lang, french.problems]).toEqual([null, []]);
  });

  it('refuses a language that is asked for and that the page has not, and keeps the rest', () => {
    const found = read({ src: SITE, lang: 'fr', theme: 'light' }, { inherited: 'en' });
    expect(found.look).toEqual({ lang: null, theme: 'light' });
    expect(found.problems).toEqual([
      { path: 'lang', value: 'fr', allowed: { code: 'one_of', names: ['en', 'zh'] } },
    ]);
  });

  it('is automatic in place of a theme that there is not', () => {
    const { look, problems } = read({ src: SITE, theme: 'Dark' });
    expect(look.theme).toBe('auto');
    expect(problems.map(({ path, value }) => [path, value])).toEqual([['theme', 'Dark']]);
  });

  it.each([
    ['200', 200],
    ['20000', 20_000],
    ['199', null],
    ['20001', null],
    ['80%', null],
    ['500.5', null],
  ])('height="%s" is %s', (height, pixels) => {
    const found = read({ src: SITE, height });
    expect(found.height).toBe(pixels);
    expect(found.problems.length).toBe(pixels === null ? 1 : 0);
  });
});

it('reads tags of languages by their first part', () => {
  expect(['EN-gb', 'zh', 'english', 'de', '', null].map(languageOf)).toEqual([
    'en',
    'zh',
    null,
    null,
    null,
    null,
  ]);
});
