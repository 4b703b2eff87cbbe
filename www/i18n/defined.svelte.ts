/** The definitions of terms once they have come: they are no part of what a first visit waits for. */

import type { Definition } from './definitions';
import { glossaryLocale, type TermId } from './glossary';

class Defined {
  #all = $state.raw<Readonly<Record<TermId, Definition>> | null>(null);

  /** Whether they could not be had when they were last asked for. */
  isMissing = $state(false);

  /** Fetches them; where that failed the next asking tries again. */
  async load(): Promise<void> {
    if (this.#all) return;
    try {
      this.#all = (await import('./definitions')).DEFINITIONS;
      this.isMissing = false;
    } catch {
      this.isMissing = true;
    }
  }

  /** What a term means; null until they have come. */
  of(id: TermId, locale: string): { words: string; formula: string | null } | null {
    const definition = this.#all?.[id];
    return definition
      ? { words: definition[glossaryLocale(locale)], formula: definition.formula ?? null }
      : null;
  }
}

export const defined = new Defined();
