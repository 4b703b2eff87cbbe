/** Knows whether a session is in training: `advance` is called again and again, with short gaps between the calls. */

/** Longer than a gap between two calls, and than a visitor who starts at once takes to start. */
const QUIET_MS = 400;

export class Training {
  #last = 0;
  #underway = 0;

  /** A call of `advance`, until it settles. */
  async during<T>(call: Promise<T>): Promise<T> {
    this.#underway += 1;
    try {
      return await call;
    } finally {
      this.#underway -= 1;
      this.#last = performance.now();
    }
  }

  /** Resolves once nothing has trained for a while, from now on. */
  async quiet(): Promise<void> {
    const asked = performance.now();
    for (;;) {
      const since = Math.max(this.#last, asked);
      const left = this.#underway > 0 ? QUIET_MS : since + QUIET_MS - performance.now();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, left));
    }
  }
}
