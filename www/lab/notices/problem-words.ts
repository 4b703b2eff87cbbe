/** What is wrong with a field or a part of a link, in the reader's language. */

import type { Problem } from '../../engine/generated/types';
import { m } from '../../i18n/messages';
import type { Refused } from '../../state/hash';

/** Links may hold anything; a sentence has room for so many characters of it. */
const MOST_CHARACTERS = 80;

function clipped(text: string): string {
  const characters = [...text.slice(0, 2 * MOST_CHARACTERS)];
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join('')}…` : text;
}

/** A problem that stands far from its field, which it therefore names. */
export function problemWords({ path, value, allowed }: Problem): string {
  return `${m.notice_refused_line({ path, value: clipped(value) })} ${m.notice_refused_allowed({ allowed })}`;
}

/** A problem right beside its field, with what stands in that. */
export function fieldWords({ allowed }: Problem, text: string): string {
  return m.field_not_allowed({ value: clipped(text), allowed });
}

/** A part of a link that was not taken. */
export function refusedWords(refused: Refused): string {
  const { path, value, allowed, because } = refused;
  const part = { path: clipped(path), value: clipped(value) };
  if (because === 'said_again') return m.notice_said_again(part);
  if (because === 'unknown' && allowed === '') {
    return m.notice_unknown({ part: value === '' && path !== '' ? part.path : `${part.path}=${part.value}` });
  }
  return allowed === '' ? m.notice_refused_line(part) : problemWords({ ...part, allowed });
}
