/** Of several wishes one after another the last one counts: each gets a turn, which the next one ends. */

import { failure } from '../engine/failure';

export class Turns {
  #current = new AbortController();

  constructor(private readonly code: 'run_stopped' | 'overtaken') {}

  /** Ends the turn before, and begins another: a signal that aborts when that is over. */
  take(): AbortSignal {
    this.#current.abort(failure(this.code, 'something else has been asked for since'));
    this.#current = new AbortController();
    return this.#current.signal;
  }
}
