/** What is wrong with a field, an argument or a part of a link, as one sentence in the reader's language. */

import type { Problem } from '../../engine/page-failures';
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
