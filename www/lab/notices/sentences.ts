/** Subjects of failures as sentences in the reader's language; `lab/words` has the causes. */

import { m } from '../../i18n/messages';
import type { Subject } from '../../state/notices.svelte';

/** What failed and what that means for the run. */
export function sentenceAbout(subject: Subject): string {
  switch (subject) {
    case 'load':
      return m.about_load();
    case 'digits':
      return m.about_digits();
    case 'engine':
      return m.about_engine();
    case 'run':
      return m.about_run();
    case 'page':
      return m.about_page();
  }
}
