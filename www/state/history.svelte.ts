/** A whole as it was, for undo and redo. Changes of one field in a row are one step: typing is not undone letter by letter. */

/** More than anybody takes back by hand; a config is a few kilobytes. */
const MOST = 100;

export class History<Whole> {
  #past = $state.raw<readonly Whole[]>([]);
  #future = $state.raw<readonly Whole[]>([]);
  #field: string | null = null;

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Takes note of what stood before a change of a field, or of the whole (null). */
  note(before: Whole, field: string | null): void {
    if (field === null || field !== this.#field) this.#past = [...this.#past, before].slice(-MOST);
    this.#field = field;
    this.#future = [];
  }

  /** What stood before; null if nothing did. */
  undo(now: Whole): Whole | null {
    const before = this.#past.at(-1);
    if (before === undefined) return null;
    this.#past = this.#past.slice(0, -1);
    this.#future = [now, ...this.#future];
    this.#field = null;
    return before;
  }

  /** What was taken back last; null if nothing was. */
  redo(now: Whole): Whole | null {
    const [after, ...others] = this.#future;
    if (after === undefined) return null;
    this.#past = [...this.#past, now];
    this.#future = others;
    this.#field = null;
    return after;
  }
}
