/** Facts as a text tells them, and a text with them as words alone. */

import { natsText, probabilityText } from '../../charts/softTargetsAxis';
import { count, exact } from '../../i18n/format';
import { type TermId, termWords } from '../../i18n/glossary';
import { locale } from '../../i18n/locale.svelte';
import { type Form, formOf, KEPT, readFact, type Sources, type Value } from '../../lessons/facts';
import type { Lesson, Text } from '../../lessons/lesson';
import { piecesOf } from '../../lessons/markup';

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
  return writtenFact(lesson, fact, readFact(fact, sources));
}

/** A value of a fact, from whatever moment. */
export function writtenFact(lesson: Lesson, fact: string, value: Value): string {
  if (value === null) return NOTHING;
  const form = formIn(lesson, fact);
  return typeof value === 'number' && form !== null ? WRITTEN[form](value) : String(value);
}

/** A text in the reader's language, where nothing can be pressed. */
export function plainWords(lesson: Lesson, text: Text, sources: Sources): string {
  return piecesOf(text[locale()])
    .map((piece) => {
      if (piece.kind === 'fact') return factWords(lesson, piece.fact, sources);
      if (piece.kind === 'term') return piece.words ?? termWords(piece.id as TermId, locale());
      return piece.words;
    })
    .join('');
}
