/** One race: who started it, waits for its own end, not for that of whichever race is on then. */

import type { Config, Record as RunRecord } from '../engine/generated/types';
import type { Failure } from '../engine/messages';
import { Run } from './run.svelte';
import { Turns } from './turns';

export class Race {
  readonly run = new Run();
  readonly #turns = new Turns('run_stopped');
  readonly #wanted = this.#turns.take();
  readonly #record: Promise<RunRecord>;
  #resolve: (record: RunRecord) => void = () => undefined;
  #reject: (reason: Failure) => void = () => undefined;

  constructor(readonly config: Config) {
    this.#record = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Most races are started by a press, and nobody waits for their record.
    this.#record.catch(() => undefined);
  }

  /** Aborted when another race, or none, is on. */
  get wanted(): AbortSignal {
    return this.#wanted;
  }

  /**
   * The record of this race once it is trained to its end. Rejects with a `Failure`: the reason it failed for, or
   * `run_stopped` when it was ended before.
   */
  get record(): Promise<RunRecord> {
    return this.#record;
  }

  finish(record: RunRecord): void {
    this.#resolve(record);
  }

  fail(reason: Failure): void {
    this.#reject(reason);
  }

  /** Calls off whatever is under way for it. */
  leave(): void {
    this.#turns.take();
    this.#reject(this.#wanted.reason as Failure);
  }
}
