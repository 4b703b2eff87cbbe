/** Promises that share an end: each settles by its own work, or rejects with all the others when that end comes first. */

import type { Failure } from './messages';

export class Lifeline {
  readonly #waiting = new Set<(reason: Failure) => void>();
  #end: Failure | null = null;

  /** Answers what the work answers; rejects with the reason of the end if that comes first, or has come. */
  during<T>(work: () => Promise<T>): Promise<T> {
    const end = this.#end;
    if (end) return Promise.reject(end);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      work()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** The end: everything under way rejects, and so does whatever comes later. A second end changes nothing. */
  cut(reason: Failure): void {
    if (this.#end) return;
    this.#end = reason;
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
  }
}
