/** A fact as a text tells it. */

import { natsText, probabilityText } from '../../charts/softTargetsAxis';
import { count, exact } from '../../i18n/format';
import { type Form, formOf, KEPT, readFact, type Sources, type Value } from '../../lessons/facts';
import type { Lesson } from '../../lessons/lesson';

/** Stands where there is nothing to tell yet. */
const NOTHING = '…';

const WRITTEN: Readonly<Record<Form, (value: number) => string>> = {
  count,
  share: probabilityText,
  nats: natsText,
  number: exact,
  word: String,
  flag: String,
  sentence: String,
};

/** What a step keeps is written as the fact that it was. */
function formIn({ steps }: Lesson, fact: string): Form | null {
  if (!fact.startsWith(KEPT)) return formOf(fact);
  const name = fact.slice(KEPT.length);
  const keeping = steps.flatMap((step) => (step.kind === 'do' && step.keep?.[name] ? [step.keep[name]] : []));
  return keeping[0] === undefined ? null : formOf(keeping[0]);
}

export function factWords(lesson: Lesson, fact: string, sources: Sources): string {
  const value: Value = readFact(fact, sources);
  if (value === null) return NOTHING;
  const form = formIn(lesson, fact);
  return typeof value === 'number' && form !== null ? WRITTEN[form](value) : String(value);
}
