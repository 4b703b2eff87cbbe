import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useLocale } from '../i18n/locale.svelte';
import { fieldWords } from './difference-words';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  useLocale('en');
});
afterAll(() => useLocale('en'));

describe('a field among others', () => {
  it.each([
    ['training.learning_rate', 'Learning rate'],
    ['training.learning_rate.cosine.from', 'Learning rate, at the start'],
    ['training.learning_rate.cosine.to', 'Learning rate, at the end'],
    ['models.student.objective.hard_weight.step.at', 'student: Weight of labels, moment of the change'],
    ['transfer_set.augment[1].share', 'Share of digits changed (2)'],
    [
      'models.student.objective.imitates[0].weight.step.from',
      'student: Weight of the imitation (1), at the start',
    ],
    // What is called alike elsewhere is no part of a schedule.
    ['models.student.init.derive.from', 'student: Made from'],
  ])('%s is called %s', (path, words) => {
    expect(fieldWords(path)).toBe(words);
  });
});
