/** A part of a link that was not taken, as one sentence. */

import { m } from '../../i18n/messages';
import type { Refused } from '../../state/hash';
import { clipped } from './clipped';
import { problemWords } from './problem';

export function refusedWords({ path, value, allowed, because }: Refused): string {
  const part = { path: clipped(path), value: clipped(value) };
  if (because === 'said_again') return m.notice_said_again(part);
  if (because === 'unknown' && allowed === null) {
    return m.notice_unknown({ part: value === '' && path !== '' ? part.path : `${part.path}=${part.value}` });
  }
  return allowed === null ? m.notice_refused_line(part) : problemWords({ path, value, allowed });
}
