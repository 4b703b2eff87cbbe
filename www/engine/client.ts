/**
 * The typed line from the page to the engine. It outlives its worker: one that crashed or was killed
 * is replaced, and the session goes on from its last snapshot.
 */

import { proxy, type Remote } from 'comlink';
import { Connection } from './connection';
import { failure, toFailure } from './failure';
import type { Config } from './generated/types';
import type { EngineName, Notice, Opened, WorkerApi } from './messages';
import type { OwnPictures, OwnSplit } from './own-pictures';

/** What the page hears without asking. */
export interface ClientEvents {
  notice(notice: Notice): void;
  /** A new worker stands where the old one died, at the last kept state. */
  restored(engine: EngineName, opened: Opened): void;
}

/** An engine in a worker of its own, opened and checked, but without digits. */
export interface Prepared {
  readonly connection: Connection;
  readonly opened: Opened;
}

const FATAL = new Set(['worker_died', 'engine_crashed']);
// A worker that dies again and again without a finished epoch between is not worth replacing.
const RESTORES_WITHOUT_PROGRESS = 2;

export class EngineClient {
  #connection: Connection | null = null;
  #engine: EngineName = 'cpu';
  #lives = 1;
  #session: { config: Config; snapshot: Uint8Array | null } | null = null;
  readonly #own = new Map<OwnSplit, OwnPictures>();
  #restoring: Promise<void> | null = null;
  #restores = 0;

  constructor(
    private readonly base: string,
    private readonly events: ClientEvents,
  ) {}

  /** Opens an engine in a worker of its own; the one before, if any, goes on until `adopt`. */
  async prepare(engine: EngineName): Promise<Prepared> {
    const connection = new Connection();
    try {
      await connection.watch();
      const notify = proxy((notice: Notice) => this.events.notice(notice));
      const opened = await connection.call((api) => api.open(engine, this.base, notify));
      return { connection, opened };
    } catch (thrown) {
      connection.close();
      throw toFailure(thrown);
    }
  }

  /** The visitor's own pictures, as far as any were taken. */
  get own(): ReadonlyMap<OwnSplit, OwnPictures> {
    return this.#own;
  }

  /** Ends the worker. Nothing may be under way. */
  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  /** Opens the first engine. Its digits and teachers are asked for by `loadFirst`. */
  async open(engine: EngineName): Promise<Opened> {
    const { connection, opened } = await this.prepare(engine);
    this.#become(engine, connection);
    return opened;
  }

  /** Makes a prepared engine the one that answers, with digits, teachers and the session of the one before. */
  async adopt(engine: EngineName, connection: Connection): Promise<void> {
    await this.keep();
    try {
      await this.#furnish(connection);
    } catch (thrown) {
      connection.close();
      throw toFailure(thrown);
    }
    this.#become(engine, connection);
  }

  #become(engine: EngineName, connection: Connection): void {
    this.#connection?.close();
    this.#connection = connection;
    this.#engine = engine;
    this.#restores = 0;
  }

  /** Calls the engine; if its worker dies meanwhile, asks the next one again. */
  async call<T>(ask: (api: Remote<WorkerApi>) => Promise<T>): Promise<T> {
    for (;;) {
      await this.#restoring;
      const connection = this.#connection;
      if (!connection) throw failure('unexpected', 'the engine is not open');
      try {
        return await connection.call(ask);
      } catch (thrown) {
        const reason = toFailure(thrown);
        if (reason.code === 'worker_closed' && connection !== this.#connection) continue;
        if (!FATAL.has(reason.code)) throw reason;
        if (connection === this.#connection && !this.#restoring) {
          this.#restoring = this.#restore().finally(() => {
            this.#restoring = null;
          });
        }
        await this.#restoring;
      }
    }
  }

  async start(config: Config): Promise<void> {
    this.#session = null;
    await this.call((api) => api.start(config));
    this.#session = { config, snapshot: null };
  }

  /** Takes a set of the visitor's own, here too, for a worker that may follow; answers how many. Drops the session. */
  async addOwn(split: OwnSplit, pictures: OwnPictures): Promise<number> {
    const count = await this.call((api) => api.addOwn(split, pictures));
    this.#own.set(split, pictures);
    this.#session = null;
    return count;
  }

  /** Forgets a set of the visitor's own, here too. Drops the session. */
  async removeOwn(split: OwnSplit): Promise<void> {
    await this.call((api) => api.removeOwn(split));
    this.#own.delete(split);
    this.#session = null;
  }

  /** Keeps the session's state on the page, for a worker that may have to go on from it. */
  async keep(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const snapshot = await this.call((api) => api.snapshot());
    if (session === this.#session) session.snapshot = snapshot;
    this.#restores = 0;
  }

  /** Drops the session, here and in the worker. */
  async drop(): Promise<void> {
    if (!this.#session) return;
    this.#session = null;
    await this.call((api) => api.stop());
  }

  /** How many workers there have been: another number means that the session went on from its last snapshot. */
  get lives(): number {
    return this.#lives;
  }

  async #restore(): Promise<void> {
    this.#restores += 1;
    this.#lives += 1;
    if (this.#restores > RESTORES_WITHOUT_PROGRESS) {
      throw failure('engine_lost', `the engine ended ${this.#restores} times`);
    }
    this.#connection?.close();
    const { connection, opened } = await this.prepare(this.#engine).catch((thrown: unknown) => {
      if (this.#engine === 'cpu') throw thrown;
      // A GPU that has gone does not take the run with it: the session goes on by the CPU.
      this.#engine = 'cpu';
      return this.prepare('cpu');
    });
    await this.#furnish(connection);
    this.#connection = connection;
    this.events.restored(this.#engine, opened);
  }

  /** Gives a new engine what the page needs: the first digits, the teachers, own pictures, the session. */
  async #furnish(connection: Connection): Promise<void> {
    await connection.call((api) => api.loadFirst());
    for (const [split, pictures] of this.#own) await connection.call((api) => api.addOwn(split, pictures));
    const session = this.#session;
    if (!session) return;
    // The session may need digits of later sheets; the worker waits for those that are on their way.
    void connection.call((api) => api.loadRest()).catch(() => undefined);
    const { config, snapshot } = session;
    if (snapshot) await connection.call((api) => api.resume(config, snapshot));
    else await connection.call((api) => api.start(config));
  }
}
