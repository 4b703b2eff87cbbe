/** What became of predictions: whether it was so, or the number that was measured. */

import { allHold } from './conditions';
import { readFact, type Sources, type Value } from './facts';
import type { Choice, Lesson, PredictStep, Step } from './lesson';
import type { LessonProgress } from './progress';

interface Outcome {
  readonly name: string;
  readonly outcome: Value;
}

/** The steps that ask. */
function predictionsOf({ steps }: Lesson): PredictStep[] {
  return steps.filter((step): step is PredictStep => step.kind === 'predict');
}

/** What a step reveals of a prediction, as the page is now. Null where it reveals none, or cannot tell. */
export function revealed(
  lesson: Lesson,
  step: Step,
  answers: LessonProgress['answers'],
  sources: Sources,
): Outcome | null {
  if (step.kind !== 'reveal' || step.of === undefined) return null;
  const asked = predictionsOf(lesson).find(({ name }) => name === step.of);
  if (!asked) return null;
  if (asked.number) {
    const outcome = readFact(asked.number.measured, sources);
    return outcome === null ? null : { name: asked.name, outcome };
  }
  const choices = asked.choices ?? [];
  const isSo = (choice: Choice | undefined): boolean =>
    choice?.when !== undefined && allHold(choice.when, sources);
  const said = answers[asked.name] ?? -1;
  // Of several that turn out to be so, the one that was said.
  const right = isSo(choices[said]) ? said : choices.findIndex((choice) => isSo(choice));
  if (right >= 0) return { name: asked.name, outcome: right };
  // None of them, unless that is only because something is not known, or cannot be told.
  const isKnown = choices.every(
    ({ when }) => when?.every(({ fact }) => readFact(fact, sources) !== null) ?? true,
  );
  return isKnown && choices[said]?.when !== undefined ? { name: asked.name, outcome: right } : null;
}

/** What was said, and what it came to; of a prediction whose reveal is on show, as the page is now. */
export interface Told {
  readonly asked: PredictStep;
  readonly said: number;
  /** The place of the choice that turned out to be so (−1: none of them), or the number that was measured; null: not revealed. */
  readonly outcome: Value;
}

export function toldIn(lesson: Lesson, progress: LessonProgress, sources: Sources): Told[] {
  const onShow = lesson.steps[progress.step];
  const now = onShow ? revealed(lesson, onShow, progress.answers, sources) : null;
  return predictionsOf(lesson).flatMap((asked) => {
    const said = progress.answers[asked.name];
    if (said === undefined) return [];
    const outcome = progress.outcomes?.[asked.name] ?? (now?.name === asked.name ? now.outcome : null);
    return [{ asked, said, outcome }];
  });
}
