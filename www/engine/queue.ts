/**
 * Calls one after another. wasm-bindgen forbids entering an object while one of its async calls
 * is under way ("recursive use of an object"), so every call on the lab passes through here.
 */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `call` when all earlier ones have ended, well or not. */
  run<T>(call: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(call, call);
    // The failure is the caller's to handle; the queue only waits for the end.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
