/** One worker and the line to it. A call on a worker that died rejects instead of waiting for ever. */

import { type Remote, wrap } from 'comlink';
import { failure } from './failure';
import type { Failure, WorkerApi } from './messages';

let connections = 0;

export class Connection {
  readonly #worker: Worker;
  readonly #remote: Remote<WorkerApi>;
  readonly #pending = new Set<(reason: Failure) => void>();
  #end: Failure | null = null;

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: 'distillery',
    });
    this.#worker.addEventListener('error', (event) => {
      // The page shows it as a notice of its own; the console would only repeat it.
      event.preventDefault();
      this.#die(failure('worker_died', event.message || 'the worker could not be loaded'));
    });
    this.#worker.addEventListener('messageerror', () => this.#die(failure('worker_died', 'messageerror')));
    this.#remote = wrap<WorkerApi>(this.#worker);
  }

  /** Calls the worker; rejects with `worker_died` if it dies before it answers. */
  call<T>(ask: (api: Remote<WorkerApi>) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#end) {
        reject(this.#end);
        return;
      }
      this.#pending.add(reject);
      ask(this.#remote)
        .then(resolve, reject)
        .finally(() => this.#pending.delete(reject));
    });
  }

  /** Starts to watch over the worker's life. A killed worker sends no event, but its lock is let go. */
  async watch(): Promise<void> {
    // Web Locks are missing on insecure origins and in opaque ones; then only `error` tells of a death.
    if (!('locks' in navigator) || !isSecureContext || origin === 'null') return;
    connections += 1;
    const lock = `distillery-worker-${connections}-${crypto.randomUUID()}`;
    try {
      await this.call((api) => api.hold(lock));
      void navigator.locks.request(lock, () => this.#die(failure('worker_died', 'the worker was ended')));
    } catch {
      // A frame of another site may be refused them as well.
    }
  }

  close(): void {
    this.#end = failure('worker_closed', 'the worker was closed');
    this.#pending.clear();
    this.#worker.terminate();
  }

  #die(reason: Failure): void {
    if (this.#end) return;
    this.#end = reason;
    this.#worker.terminate();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
  }
}
