/** Where the browser keeps the lesson that a visitor is writing. A frame or a private window may be refused storage. */

import type { Json } from '../model/paths';

const KEPT = 'distillery.draft';

/** What was kept; undefined for nothing. */
export function keptDraft(): Json | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '') as Json;
  } catch {
    return undefined;
  }
}

/** Answers whether it could be kept. */
export function keepDraft(draft: Json): boolean {
  try {
    localStorage.setItem(KEPT, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}
