/** Every lesson of the list: a lesson that is added is held to all of this. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { Json } from '../model/paths';
import { hashOfSettings, parseHash } from '../state/hash';
import type { Step, Text } from './lesson';
import { LESSONS, WELCOME } from './list';
import { loadLesson } from './load';
import { factsIn, piecesOf } from './markup';
import { parseLesson } from './validate';

const DATA = new URL('./data/', import.meta.url);
const RECIPES = readdirSync(new URL('../../src/experiment/recipes/', import.meta.url)).map((file) =>
  file.replace('.json', ''),
);

/** Every text of a lesson, wherever it stands. */
function textsIn(value: Json | undefined): Text[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value) && 'en' in value) return [value as unknown as Text];
  return Object.values(value).flatMap(textsIn);
}

test('the list has every file, and the first of them begins a first visit', () => {
  const files = readdirSync(DATA).map((file) => file.replace('.json', ''));
  expect([...LESSONS].sort()).toEqual(files.sort());
  expect(LESSONS).toContain(WELCOME);
});

describe.each(LESSONS.map((name) => [name] as const))('%s', (name) => {
  const json = JSON.parse(readFileSync(new URL(`${name}.json`, DATA), 'utf8')) as Json;
  const texts = textsIn(json);

  it('has no mistakes', async () => {
    const { lesson, problems } = await loadLesson(name);
    expect(problems).toEqual([]);
    expect(lesson).not.toBeNull();
  });

  it('tells the same facts and terms in both languages, each in its own', () => {
    const marks = (text: string): string[] =>
      piecesOf(text).flatMap((piece) =>
        piece.kind === 'term' ? [piece.id] : piece.kind === 'fact' ? [piece.fact] : [],
      );
    const words = (text: string): string =>
      piecesOf(text)
        .map((piece) => ('words' in piece ? (piece.words ?? '') : ''))
        .join('');
    for (const { en, zh } of texts) {
      expect(marks(zh).sort(), en).toEqual(marks(en).sort());
      expect(words(en)).not.toMatch(/\p{Script=Han}/u);
      if (/[a-z]{3}/.test(words(en))) expect(words(zh)).toMatch(/\p{Script=Han}/u);
    }
  });

  it('begins and goes on with settings that a link may say', async () => {
    const { lesson } = await loadLesson(name);
    for (const settings of [lesson!.settings, ...lesson!.steps.map((step: Step) => step.settings ?? {})]) {
      const parsed = parseHash(hashOfSettings(settings, parseHash('').view));
      expect(parsed.refused).toEqual([]);
      if (parsed.recipe !== null) expect(RECIPES).toContain(parsed.recipe);
    }
  });

  it('asks before it tells', async () => {
    const { lesson } = await loadLesson(name);
    const of = (kind: Step['kind']): number => lesson!.steps.findIndex((step) => step.kind === kind);
    expect(of('predict')).toBeGreaterThanOrEqual(0);
    expect(of('reveal')).toBeGreaterThan(of('predict'));
    expect(of('do')).toBeGreaterThanOrEqual(0);
    // What is measured is no part of a question that comes before it.
    const asked = lesson!.steps[of('predict')]!.text;
    expect(factsIn(asked.en)).toEqual([]);
  });
});

describe('a lesson with a mistake is refused, with its step and field', () => {
  const good = {
    title: { en: 'T', zh: '题' },
    claim: { en: 'C', zh: '说' },
    minutes: 1,
    settings: { recipe: 'first-race', 'view.t': 1 },
    steps: [
      {
        kind: 'predict',
        name: 'p',
        text: { en: 'p', zh: '猜' },
        number: { min: 0, max: 1, measured: 'view.t' },
      },
      {
        kind: 'do',
        text: { en: 'd', zh: '做' },
        until: [{ fact: 'view.t', at_least: 8 }],
        keep: { hot: 'view.t' },
      },
      { kind: 'reveal', of: 'p', text: { en: '{kept.hot}', zh: '{kept.hot}' } },
    ],
  };
  const problemsOf = (change: (lesson: typeof good) => unknown): [number | null, string, string][] => {
    const lesson = structuredClone(good);
    change(lesson);
    return parseLesson(JSON.stringify(lesson)).problems.map(({ step, path, allowed }) => [
      step,
      path,
      allowed.code,
    ]);
  };
  const set =
    (step: number, field: string, value: unknown) =>
    ({ steps }: typeof good): unknown =>
      Object.assign(steps[step]!, { [field]: value });

  it('and one without is taken', () => expect(problemsOf(() => undefined)).toEqual([]));

  it.each([
    ['no title', (l: object) => Object.assign(l, { title: undefined }), [null, 'title', 'kind']],
    ['an unknown field', (l: object) => Object.assign(l, { colour: 1 }), [null, 'colour', 'known_field']],
    ['no steps', (l: object) => Object.assign(l, { steps: [] }), [null, 'steps', 'entries']],
    ['a long lesson', (l: object) => Object.assign(l, { minutes: 900 }), [null, 'minutes', 'whole']],
    [
      'a setting that there is not',
      (l: object) => Object.assign(l, { settings: { 'training.epoch': 1 } }),
      [null, 'settings.training.epoch', 'known_field'],
    ],
    [
      'a setting out of range',
      (l: object) => Object.assign(l, { settings: { 'training.epochs': -1 } }),
      [null, 'settings.training.epochs', 'range'],
    ],
    [
      'a lock on nothing',
      (l: object) => Object.assign(l, { lock: ['sead'] }),
      [null, 'lock[0]', 'known_field'],
    ],
    ['hiding nothing', (l: object) => Object.assign(l, { hide: ['footer'] }), [null, 'hide[0]', 'one_of']],
    ['a step that hides nothing', set(1, 'hide', ['footer']), [2, 'hide[0]', 'one_of']],
    [
      'a step that leads to what it hides',
      (l: typeof good) => Object.assign(l.steps[1]!, { part: 'explorer', hide: ['explorer'] }),
      [2, 'part', 'one_of'],
    ],
    [
      'a step that leads to what the lesson hides',
      (l: typeof good) => Object.assign(Object.assign(l, { hide: ['sweep'] }).steps[1]!, { part: 'sweep' }),
      [2, 'part', 'one_of'],
    ],
    ['an unknown kind', set(0, 'kind', 'guess'), [1, 'kind', 'one_of']],
    ['one language', set(1, 'text', { en: 'only' }), [2, 'text.zh', 'kind']],
    ['a term that is none', set(1, 'text', { en: '[[heat]]', zh: '热' }), [2, 'text.en', 'one_of']],
    ['a fact that is none', set(1, 'text', { en: '{view.heat}', zh: '热' }), [2, 'text.en', 'one_of']],
    ['a fact that is kept later', set(0, 'text', { en: '{kept.hot}', zh: '热' }), [1, 'text.en', 'one_of']],
    [
      'a condition on nothing',
      set(1, 'until', [{ fact: 'view.heat', is: 1 }]),
      [2, 'until[0].fact', 'one_of'],
    ],
    [
      'a condition without a comparison',
      set(1, 'until', [{ fact: 'view.t' }]),
      [2, 'until[0].is', 'present'],
    ],
    [
      'a bound that is no number',
      set(1, 'until', [{ fact: 'view.t', at_least: '8' }]),
      [2, 'until[0].at_least', 'kind'],
    ],
    ['no conditions', set(1, 'until', []), [2, 'until', 'entries']],
    ['a reveal of no prediction', set(2, 'of', 'q'), [3, 'of', 'one_of']],
    [
      'two ways to answer',
      set(0, 'choices', [{ text: { en: 'a', zh: '甲' } }, { text: { en: 'b', zh: '乙' } }]),
      [1, 'number', 'known_field'],
    ],
  ] as const)('%s', (_, change, problem) => {
    expect(problemsOf(change as (lesson: typeof good) => unknown)).toContainEqual(problem);
  });

  it('and what is no JSON, too', () => {
    expect(parseLesson('{').problems.map(({ allowed }) => allowed.code)).toEqual(['readable']);
  });
});
