/** Settings as they were, for undo and redo. Changes of one field in a row are one step: typing is not undone letter by letter. */

import type { Config } from '../engine/generated/types';

/** More than anybody takes back by hand; a config is a few kilobytes. */
const MOST = 100;

export class History {
  #past = $state.raw<readonly Config[]>([]);
  #future = $state.raw<readonly Config[]>([]);
  #field: string | null = null;

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Takes note of what stood before a change of a field, or of the whole (null). */
  note(before: Config, field: string | null): void {
    if (field === null || field !== this.#field) this.#past = [...this.#past, before].slice(-MOST);
    this.#field = field;
    this.#future = [];
  }

  /** What stood before; null if nothing did. */
  undo(now: Config): Config | null {
    const before = this.#past.at(-1);
    if (!before) return null;
    this.#past = this.#past.slice(0, -1);
    this.#future = [now, ...this.#future];
    this.#field = null;
    return before;
  }

  /** What was taken back last; null if nothing was. */
  redo(now: Config): Config | null {
    const [after, ...others] = this.#future;
    if (!after) return null;
    this.#past = [...this.#past, now];
    this.#future = others;
    this.#field = null;
    return after;
  }
}
