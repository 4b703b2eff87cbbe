/** Where the browser keeps how far a visitor has come in lessons. A frame or a private window may be refused storage. */

import { type Progress, parseProgress, progressText } from '../lessons/progress';

const KEPT = 'distillery.lessons';

/** What was kept; null where nothing can be. */
export function keptProgress(): Progress | null {
  try {
    const text = localStorage.getItem(KEPT);
    return text === null ? {} : (parseProgress(text) ?? {});
  } catch {
    return null;
  }
}

export function keepProgress(progress: Progress): void {
  try {
    localStorage.setItem(KEPT, progressText(progress));
  } catch {
    // Then it lasts as long as the page.
  }
}
