import { expect, test } from 'vitest';
import {
  emptyLesson,
  emptyStep,
  keptBefore,
  moved,
  predictionsBefore,
  settingsBefore,
  stepsIn,
  written,
} from './draft';
import { readLesson } from './validate';

const NOTHING = { en: '', zh: '' };

test('the other language follows with a mark until somebody writes it', () => {
  const first = written(NOTHING, 'en', 'Hot');
  expect(first).toEqual({ en: 'Hot', zh: '（未翻译）Hot' });
  expect(written(first, 'en', 'Hot and cold').zh).toBe('（未翻译）Hot and cold');
  const translated = written(first, 'zh', '热');
  expect(translated).toEqual({ en: 'Hot', zh: '热' });
  expect(written(translated, 'en', 'Warm').zh).toBe('热');
  expect(written(first, 'en', '')).toEqual(NOTHING);
});

test('a fresh lesson lacks its texts and nothing else; with them it is one', () => {
  const fresh = emptyLesson({ recipe: 'first-race', 'view.t': 4 });
  const fields = readLesson(fresh).problems.map(({ step, path }) => `${step ?? ''}${path}`);
  expect(fields).toEqual(['title.en', 'title.zh', 'claim.en', 'claim.zh', '1text.en', '1text.zh']);
  const text = written(NOTHING, 'zh', '热');
  const whole = { ...(fresh as object), title: text, claim: text, steps: [{ kind: 'read', text }] };
  expect(readLesson(whole).problems).toEqual([]);
});

test('steps know what stands before them: predictions, what was kept, what was set', () => {
  const steps = [
    emptyStep('predict', []),
    { kind: 'do', text: NOTHING, until: [], keep: { hot: 'view.t' }, settings: { 'view.t': 8 } },
  ];
  expect(emptyStep('predict', steps).name).toBe('guess2');
  expect(emptyStep('reveal', steps).of).toBe('guess1');
  expect(emptyStep('reveal', []).of).toBeUndefined();
  expect(predictionsBefore(steps, 0)).toEqual([]);
  expect(keptBefore(steps, 1)).toEqual([]);
  expect(keptBefore(steps, 2)).toEqual(['hot']);
  const draft = { settings: { 'view.t': 1, recipe: 'r' }, steps };
  expect(settingsBefore(draft, 1)).toEqual({ 'view.t': 1, recipe: 'r' });
  expect(settingsBefore(draft, 2)).toEqual({ 'view.t': 8, recipe: 'r' });
  expect(stepsIn(null)).toEqual([]);
});

test('an item is moved by one place and not beyond an end', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});
