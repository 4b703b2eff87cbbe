import { expect, test } from 'vitest';
import type { Sources } from './facts';
import type { Lesson } from './lesson';
import { revealed, toldIn } from './outcomes';
import { parseProgress, progressText } from './progress';

const text = { en: 'x', zh: '某' };
const lesson = {
  steps: [
    {
      kind: 'predict',
      name: 'way',
      text,
      choices: [
        { text, when: [{ fact: 'view.t', above: 4 }] },
        { text },
        { text, when: [{ fact: 'view.t', at_most: 4 }] },
        { text, when: [{ fact: 'view.t', is: 4 }] },
      ],
    },
    { kind: 'predict', name: 'much', text, number: { min: 0, max: 20, measured: 'view.t' } },
    { kind: 'reveal', of: 'way', text },
    { kind: 'reveal', of: 'much', text },
  ],
} as unknown as Lesson;
const at = (temperature: number): Sources => ({ view: { temperature } }) as unknown as Sources;

test('a reveal tells which choice turned out to be so, or what was measured', () => {
  const [ask, , way, much] = lesson.steps;
  expect(revealed(lesson, way!, { way: 2 }, at(8))).toEqual({ name: 'way', outcome: 0 });
  expect(revealed(lesson, way!, { way: 1 }, at(4))).toEqual({ name: 'way', outcome: 2 });
  expect(revealed(lesson, way!, { way: 3 }, at(4))).toEqual({ name: 'way', outcome: 3 });
  expect(revealed(lesson, way!, { way: 1 }, at(Number.NaN))).toBeNull();
  expect(revealed(lesson, way!, { way: 0 }, at(Number.NaN))).toEqual({ name: 'way', outcome: -1 });
  const unknown = { view: { temperature: null } } as unknown as Sources;
  expect(revealed(lesson, way!, { way: 0 }, unknown)).toBeNull();
  expect(revealed(lesson, much!, {}, unknown)).toBeNull();
  expect(revealed(lesson, much!, {}, at(3))).toEqual({ name: 'much', outcome: 3 });
  expect(revealed(lesson, ask!, {}, at(3))).toBeNull();
});

test('what was revealed stays so, what is on show is as now, and the rest is not told', () => {
  const progress = {
    step: 3,
    reached: 3,
    done: false,
    answers: { way: 1, much: 5 },
    kept: {},
    outcomes: { way: 0 },
  };
  expect(toldIn(lesson, progress, at(2)).map(({ said, outcome }) => [said, outcome])).toEqual([
    [1, 0],
    [5, 2],
  ]);
  expect(toldIn(lesson, { ...progress, step: 2, outcomes: {} }, at(2)).map(({ outcome }) => outcome)).toEqual(
    [2, null],
  );
  expect(parseProgress(progressText({ one: progress }))).toEqual({ one: progress });
  const { outcomes: _, ...older } = progress;
  expect(parseProgress(progressText({ one: older }))).toEqual({ one: older });
});
