/** One worker and the calls to it: each settles, by the worker's answer or with the worker's end. */

import type { Remote } from 'comlink';
import { failure } from './failure';
import { Lifeline } from './lifeline';
import type { Failure, WorkerApi } from './messages';

/** A worker as a connection needs it; see `worker-line.ts`. */
export interface Line {
  readonly remote: Remote<WorkerApi>;
  /** Whom to tell when the worker has ended, however it did. */
  onDeath(died: (why: string) => void): void;
  /** Starts to watch over a life that can end without an event. Never rejects for want of a way to watch. */
  watch(): Promise<void>;
  terminate(): void;
}

export class Connection {
  readonly #life = new Lifeline();
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
    line.onDeath((why) => this.#end(failure('worker_died', why)));
  }

  /** Calls the worker; rejects with `worker_died` or `worker_closed` if that comes before its answer. */
  call<T>(ask: (api: Remote<WorkerApi>) => Promise<T>): Promise<T> {
    return this.#life.during(() => ask(this.#line.remote));
  }

  /** Starts to watch over the worker's life. */
  watch(): Promise<void> {
    return this.#life.during(() => this.#line.watch());
  }

  /** Ends the worker; whatever waits for it rejects with `worker_closed`. */
  close(): void {
    this.#end(failure('worker_closed', 'the worker was closed'));
  }

  #end(reason: Failure): void {
    this.#life.cut(reason);
    this.#line.terminate();
  }
}
