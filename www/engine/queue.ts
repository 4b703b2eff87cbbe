/**
 * Calls one after another. wasm-bindgen forbids entering an object while one of its async calls
 * is under way ("recursive use of an object"), so every call on the lab passes through here.
 */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  /** Runs `call` when all earlier ones have ended, well or not. */
  run<T>(call: () => T | Promise<T>): Promise<T> {
    this.#underWay += 1;
    const result = this.#last.then(call, call).finally(() => {
      this.#underWay -= 1;
    });
    // The failure is the caller's to handle; the queue only waits for the end.
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Whether any call is under way or waits for its turn. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Resolves when the calls of now have ended. Others may have come by then: ask `isBusy` again. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
