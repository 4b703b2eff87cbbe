/** What is wrong with a field, an argument or a part of a link, as one sentence in the reader's language. */

import type { Problem } from '../../engine/page-failures';
import { list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { allowedWords } from './allowed';
import { clipped } from './clipped';
import { fieldName } from './field';

/** A problem that stands far from its field, which it therefore names. */
export function problemWords({ path, value, allowed: what }: Problem): string {
  const field = fieldName(clipped(path));
  const allowed = allowedWords(what);
  if (value === '') return m.problem_missing({ field, allowed });
  return m.problem_line({ field, value: clipped(value), allowed });
}

/** A problem right beside its field, with what stands in that. */
export function fieldWords({ allowed }: Problem, text: string): string {
  return m.field_not_allowed({ value: clipped(text), allowed: allowedWords(allowed) });
}

/** Why choices cannot be made, one sentence for each reason. */
export function reasonsOf(
  refused: readonly { readonly label: string; readonly problem: Problem }[],
): string[] {
  const labels = new Map<string, string[]>();
  for (const { label, problem } of refused) {
    const allowed = allowedWords(problem.allowed);
    labels.set(allowed, [...(labels.get(allowed) ?? []), label]);
  }
  return [...labels].map(([allowed, those]) => m.field_choices_refused({ choices: list(those), allowed }));
}
