/** Who of several may run: one at a time, since each takes the memory and the cores of a machine. */

export interface Actor {
  /** Another one runs from now on. */
  retire(): void;
}

export class Stage {
  #current: Actor | null = null;

  get isFree(): boolean {
    return this.#current === null;
  }

  has(actor: Actor): boolean {
    return this.#current === actor;
  }

  take(actor: Actor): void {
    const before = this.#current;
    if (before === actor) return;
    this.#current = actor;
    before?.retire();
  }

  /** Nobody takes a place that was left unless asked. */
  leave(actor: Actor): void {
    if (this.#current === actor) this.#current = null;
  }
}
