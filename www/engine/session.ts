/** One session of the engine, as the page holds it. It moves from worker to worker, and ends once. */

import type { Config } from './generated/types';
import type { Failure } from './messages';

export interface SessionEvents {
  /** Its state of now has been kept. */
  kept(snapshot: Uint8Array): void;
  /** It goes on from its last kept state, or from its beginning, in another worker. */
  rewound(): void;
}

export class Session {
  readonly #wanted = new AbortController();
  #snapshot: Uint8Array | null = null;
  #lives = 1;

  constructor(
    readonly config: Config,
    private readonly events: SessionEvents,
  ) {}

  /** Aborted when it has ended; the reason is a `Failure`. */
  get signal(): AbortSignal {
    return this.#wanted.signal;
  }

  /** The last kept state; null before the first. */
  get snapshot(): Uint8Array | null {
    return this.#snapshot;
  }

  /** Another number than before means that it has gone back to its last kept state. */
  get lives(): number {
    return this.#lives;
  }

  keep(snapshot: Uint8Array): void {
    this.#snapshot = snapshot;
    this.events.kept(snapshot);
  }

  rewound(): void {
    this.#lives += 1;
    this.events.rewound();
  }

  end(reason: Failure): void {
    this.#wanted.abort(reason);
  }
}
