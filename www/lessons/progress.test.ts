import { expect, test } from 'vitest';
import { merged, type Progress, parseProgress, progressText, UNBEGUN } from './progress';

const ONE: Progress = {
  temperature: { step: 2, reached: 3, done: false, answers: { hot: 1 }, kept: { two: 0.5, index: null } },
};

test('progress comes back from its text as it was', () => {
  expect(parseProgress(progressText(ONE))).toEqual(ONE);
});

test.each([
  '',
  '[]',
  '{"distillery":"progress"}',
  progressText(ONE).replace('"version":1', '"version":2'),
  progressText(ONE).replace('"step":2', '"step":-1'),
  progressText(ONE).replace('"step":2', '"step":"2"'),
  progressText(ONE).replace('"hot":1', '"hot":{}'),
  progressText(ONE).replace('"done":false', '"done":0'),
])('what is no progress is not taken: %s', (text) => {
  expect(parseProgress(text)).toBeNull();
});

test('of two the one that went further counts, lesson by lesson', () => {
  const done = { ...UNBEGUN, done: true };
  const further = { ...UNBEGUN, reached: 5 };
  expect(merged(ONE, { temperature: UNBEGUN, other: further })).toEqual({ ...ONE, other: further });
  expect(merged(ONE, { temperature: further })).toEqual({ temperature: further });
  expect(merged({ temperature: done }, { temperature: further })).toEqual({ temperature: done });
});
