/** A real worker, and how the page learns of its end. */

import { type Remote, transfer, wrap } from 'comlink';
import type { Line } from './connection';
import type { WorkerApi } from './messages';
import { Pulse } from './pulse';

/**
 * How long a new worker may take to say its first word, in milliseconds. Until then nothing could tell of its death: a worker
 * that is killed before it has run a line sends no event and holds no lock. It is a file of a few kilobytes, and has 20 s.
 */
export const FIRST_WORD_MS = 20_000;

let workers = 0;

/** Starts a worker. */
export function workerLine(): Line {
  return new WorkerLine();
}

class WorkerLine implements Line {
  readonly remote: Remote<WorkerApi>;
  readonly #worker: Worker;
  #died: (why: string) => void = () => undefined;
  #pulse: Pulse | null = null;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: 'distillery',
    });
    this.#worker.addEventListener('error', (event) => {
      // The page shows it as a notice of its own; the console would only repeat it.
      event.preventDefault();
      this.#died(event.message || 'the worker could not be loaded');
    });
    this.#worker.addEventListener('messageerror', () => this.#died('messageerror'));
    this.remote = wrap<WorkerApi>(this.#worker);
  }

  onDeath(died: (why: string) => void): void {
    this.#died = died;
  }

  /**
   * A killed worker sends no event. Its Web Lock is let go at once; where locks are refused (insecure and opaque origins,
   * a frame of another site while the browser blocks third-party storage) its pulse stops. Where there is neither, only
   * `error` tells of a death, as it does of every crash.
   */
  async watch(): Promise<void> {
    const late = setTimeout(() => this.#died('the worker did not start'), FIRST_WORD_MS);
    await this.#watch();
    clearTimeout(late);
  }

  async #watch(): Promise<void> {
    if (await this.#awaitsLock()) return;
    const { port1, port2 } = new MessageChannel();
    try {
      await this.remote.beat(transfer(port2, [port2]));
    } catch {
      // No nested workers here: the browser is one of the last without.
      port1.close();
      return;
    }
    this.#pulse = new Pulse(port1, () => this.#died('the worker was ended'));
  }

  terminate(): void {
    this.#pulse?.stop();
    this.#worker.terminate();
  }

  /** Waits for the lock that the worker holds while it lives; false where locks are refused, to it or to the page. */
  async #awaitsLock(): Promise<boolean> {
    workers += 1;
    // Not `randomUUID`, which insecure origins lack: they get as far as here.
    const lock = `distillery-worker-${workers}-${Date.now()}-${Math.random()}`;
    try {
      await this.remote.hold(lock);
      const queued = navigator.locks.request(lock, () => this.#died('the worker was ended'));
      // A refusal comes at once, and a granted query shows that there was none; the lock itself comes at the end.
      await Promise.race([queued, navigator.locks.query()]);
      queued.catch(() => undefined);
      return true;
    } catch {
      return false;
    }
  }
}
