/** What is wrong with a lesson, as one sentence: the lesson, the step, the field, and what may stand there. */

import { m } from '../../i18n/messages';
import type { LessonProblem } from '../../lessons/validate';
import { clipped } from './clipped';
import { problemWords } from './problem';

export function lessonProblemWords(lesson: string, { step, ...problem }: LessonProblem): string {
  const words = { lesson: clipped(lesson), problem: problemWords(problem) };
  return step === null ? m.lesson_wrong(words) : m.lesson_wrong_step({ ...words, step });
}
