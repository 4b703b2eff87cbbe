/** The lines of help: those of the settings at once, all others once they have come with the workbench. */

import type { HelpLine, HelpLines } from './help/line';
import { OF_SETTINGS } from './help/settings';

class Help {
  #lines = $state.raw<HelpLines>(OF_SETTINGS);

  /** Fetches the others; where that fails fields stand without, and the next asking tries again. */
  async load(): Promise<void> {
    if (this.#lines !== OF_SETTINGS) return;
    try {
      this.#lines = { ...OF_SETTINGS, ...(await import('./help/rest')).REST };
    } catch {
      // Nothing depends on them.
    }
  }

  /** The line of `TYPE_FIELD` or `TYPE_VARIANT`; undefined as long as it has not come. */
  of(key: string): HelpLine | undefined {
    return Object.hasOwn(this.#lines, key) ? this.#lines[key] : undefined;
  }
}

export const help = new Help();
