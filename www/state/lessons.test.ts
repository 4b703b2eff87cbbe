import { expect, it } from 'vitest';
import type { Settings } from '../lessons/lesson';
import { parseLesson } from '../lessons/validate';
import { hashOfSettings, parseHash } from './hash';
import { Lessons } from './lessons.svelte';

const TEXT = { en: 'words', zh: '话' };
const step = (more: object): object => ({ kind: 'read', text: TEXT, ...more });

/** The lessons of a page with one that has these steps, and what they have set. */
function opened(steps: object[]): { lessons: Lessons; set: Settings[] } {
  const set: Settings[] = [];
  const lessons = new Lessons({ begin: (settings) => set.push(settings), set: (_, all) => set.push(all) });
  const settings = { recipe: 'first-race', 'training.epochs': 8 };
  const lesson = { title: TEXT, claim: TEXT, minutes: 1, settings, hide: ['sweep'], steps };
  lessons.openRead('mine', parseLesson(JSON.stringify(lesson)));
  expect(lessons.problems).toEqual([]);
  return { lessons, set };
}

it('a step hides what it names beside what the lesson hides, as long as it is on show', () => {
  const { lessons } = opened([step({ hide: ['bars'] }), step({})]);
  expect([lessons.hides('bars'), lessons.hides('sweep'), lessons.hides('race')]).toEqual([true, true, false]);
  lessons.next();
  expect([lessons.hides('bars'), lessons.hides('sweep')]).toEqual([false, true]);
  lessons.back();
  expect(lessons.hides('bars')).toBe(true);
  lessons.close();
  expect(lessons.hides('bars')).toBe(false);
});

it('the bars, which may be an answer, are kept back while a lesson is on its way', async () => {
  const { lessons } = opened([step({})]);
  const coming = lessons.open('temperature');
  expect([lessons.hides('bars'), lessons.hides('race')]).toEqual([true, false]);
  await coming;
  expect(lessons.hides('bars')).toBe(false);
});

it('a step that names a recipe forgets what steps before it have set, and keeps what the lesson has', () => {
  const { lessons, set } = opened([
    step({ settings: { 'models.third': { net: { same_as: 'student' } } } }),
    step({ settings: { recipe: 'ensemble', 'models.regularised': null } }),
  ]);
  lessons.next();
  expect(set).toEqual([
    { recipe: 'first-race', 'training.epochs': 8, 'models.third': { net: { same_as: 'student' } } },
    { recipe: 'ensemble', 'training.epochs': 8, 'models.regularised': null },
  ]);
});

it('null in a lesson takes a field away', () => {
  const { changes } = parseHash(hashOfSettings({ 'models.regularised': null }, parseHash('').view));
  expect(changes).toEqual([{ path: 'models.regularised', value: undefined }]);
});
