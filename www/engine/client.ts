/**
 * The typed line from the page to the engine. It outlives its worker: one that crashed or was killed
 * is replaced, and the session goes on from its last snapshot.
 *
 * The engine in use and the session change only in `#moves`, one after another; a call of the session waits until none is
 * under way, so that no step is taken after the snapshot with which the session moves.
 */

import { proxy, type Remote } from 'comlink';
import { type Belongings, furnish, NOTHING } from './belongings';
import { Connection } from './connection';
import { endsEngine, failure, toFailure } from './failure';
import type { Config } from './generated/types';
import type { EngineName, Failure, Notice, Opened, WorkerApi } from './messages';
import type { OwnPictures, OwnSplit } from './own-pictures';
import type { OwnTeacher } from './own-teacher';
import { preflightWebAssembly } from './preflight';
import { CallQueue } from './queue';
import { Session, type SessionEvents } from './session';
import { whileWanted } from './wanted';
import { workerLine } from './worker-line';

export type { Session, SessionEvents } from './session';

/** What the page hears without asking. */
export interface ClientEvents {
  notice(notice: Notice): void;
  /** A new worker stands where one has died. `why`: what the one before died of. */
  replaced(engine: EngineName, opened: Opened, why: Failure): void;
  /** No worker could be put in its place; `start` and `revive` try anew. */
  lost(reason: Failure): void;
}

/** An engine in a worker of its own, opened and checked, but without digits. */
export interface Prepared {
  readonly connection: Connection;
  readonly opened: Opened;
}

type Line =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly engine: EngineName; readonly connection: Connection }
  | { readonly kind: 'lost'; readonly reason: Failure };

// A session whose workers die again and again without a finished epoch between is not worth another. One more worker
// goes on without it, so that the page can still show its digits.
const RESTORES_WITHOUT_PROGRESS = 2;

export class EngineClient {
  #line: Line = { kind: 'closed' };
  #belongings: Belongings = NOTHING;
  readonly #moves = new CallQueue();
  #restores = 0;
  /** Own pictures on their way into the engine, one pair after another. Each drops the engine's session. */
  readonly #adding = new CallQueue();
  /** Called off when another session is asked for: a late `stop` would end that one. */
  #stopping = new AbortController();
  readonly #opening = new Set<Connection>();
  /** Words of which one may name the recipe whose teachers come first. */
  recipes: readonly string[] = [];

  constructor(
    private readonly base: string,
    private readonly events: ClientEvents,
    private readonly connect: () => Connection = () => new Connection(workerLine()),
  ) {}

  /** Opens an engine in a worker of its own; the one before, if any, goes on until `adopt`. */
  async prepare(engine: EngineName): Promise<Prepared> {
    preflightWebAssembly();
    const connection = this.connect();
    this.#opening.add(connection);
    try {
      await connection.watch();
      const notify = proxy((notice: Notice) => this.events.notice(notice));
      const opened = await connection.call((api) => api.open(engine, this.base, this.recipes, notify));
      return { connection, opened };
    } catch (thrown) {
      connection.close();
      throw toFailure(thrown);
    } finally {
      this.#opening.delete(connection);
    }
  }

  /** The visitor's own pictures, as far as any were taken. */
  get own(): ReadonlyMap<OwnSplit, OwnPictures> {
    return this.#belongings.own;
  }

  /** The visitor's own teachers, by name. */
  get teachers(): ReadonlyMap<string, OwnTeacher> {
    return this.#belongings.teachers;
  }

  /** Whether a worker answers, as far as is known. */
  get isOpen(): boolean {
    return this.#line.kind === 'open';
  }

  /** Ends the worker, and any that is being opened; whatever waits for them rejects with `worker_closed`. */
  close(): void {
    this.#endSession(failure('run_stopped', 'the engine was closed'));
    for (const connection of this.#opening) connection.close();
    if (this.#line.kind === 'open') this.#line.connection.close();
    this.#line = { kind: 'closed' };
  }

  /** Opens the first engine. Its digits and teachers are asked for by `loadFirst`. */
  open(engine: EngineName): Promise<Opened> {
    return this.#moves.run(async () => {
      const { connection, opened } = await this.prepare(engine);
      this.#become(engine, connection);
      return opened;
    });
  }

  /**
   * Makes a prepared engine the one that answers, with digits, teachers and the session of the one before. Until then that
   * one answers; called off, it stays, and the prepared one is closed.
   */
  adopt(engine: EngineName, connection: Connection, wanted: AbortSignal): Promise<void> {
    return this.#moves.run(async () => {
      let isUpToDate: boolean;
      try {
        isUpToDate = await whileWanted(wanted, this.#keepToMove());
        await whileWanted(
          wanted,
          furnish(connection, () => this.#belongings),
        );
      } catch (thrown) {
        connection.close();
        throw toFailure(thrown);
      }
      this.#become(engine, connection);
      if (!isUpToDate) this.#belongings.session?.rewound();
    });
  }

  /** Calls the engine; if its worker dies meanwhile, asks the next one again. `wanted`: for how long the answer is. */
  call<T>(ask: (api: Remote<WorkerApi>) => Promise<T>, wanted?: AbortSignal): Promise<T> {
    return this.#call(ask, wanted, () => false);
  }

  /** Calls the engine about a session, in whichever worker that is; rejects when it has ended. */
  ofSession<T>(session: Session, ask: (api: Remote<WorkerApi>) => Promise<T>): Promise<T> {
    return this.#call(ask, session.signal, () => this.#moves.isBusy);
  }

  /** Makes a session in place of the one before, which goes on from `snapshot` if there is one. Called off, it makes none. */
  async start(
    config: Config,
    wanted: AbortSignal,
    events: SessionEvents,
    snapshot: Uint8Array | null = null,
  ): Promise<Session> {
    this.#restores = 0;
    this.#endSession(failure('run_stopped', 'another session was asked for'));
    while (this.#adding.isBusy) await whileWanted(wanted, this.#adding.idle());
    if (this.#line.kind === 'lost') await whileWanted(wanted, this.revive());
    await this.#call(
      (api) => (snapshot ? api.resume(config, snapshot) : api.start(config)),
      wanted,
      () => this.#moves.isBusy,
    );
    const session = new Session(config, events);
    this.#belongings = { ...this.#belongings, session };
    if (snapshot) session.keep(snapshot);
    return session;
  }

  /** Takes a set of the visitor's own, here too, for a worker that may follow; answers how many. Drops the session. */
  addOwn(split: OwnSplit, pictures: OwnPictures): Promise<number> {
    return this.#changeOwn(
      (api) => api.addOwn(split, pictures),
      (own) => own.set(split, pictures),
    );
  }

  /** Forgets a set of the visitor's own, here too. Drops the session. */
  removeOwn(split: OwnSplit): Promise<void> {
    return this.#changeOwn(
      (api) => api.removeOwn(split),
      (own) => own.delete(split),
    );
  }

  /** Takes a teacher of the visitor's own, here too; a session goes on as it was. Rejects with a `Failure`. */
  async addTeacher(teacher: OwnTeacher): Promise<void> {
    await this.#call(
      (api) => api.addOwnTeacher(teacher),
      undefined,
      () => this.#moves.isBusy,
    );
    const teachers = new Map([...this.#belongings.teachers, [teacher.name, teacher]]);
    this.#belongings = { ...this.#belongings, teachers };
  }

  #changeOwn<T>(
    ask: (api: Remote<WorkerApi>) => Promise<T>,
    change: (own: Map<OwnSplit, OwnPictures>) => unknown,
  ): Promise<T> {
    this.#endSession(failure('run_stopped', 'other pictures were taken'));
    return this.#adding.run(async () => {
      const answer = await this.#call(ask, undefined, () => this.#moves.isBusy);
      const own = new Map(this.#belongings.own);
      change(own);
      this.#belongings = { ...this.#belongings, own };
      return answer;
    });
  }

  /** Keeps the session's state on the page, for a worker that may have to go on from it. */
  async keep(session: Session): Promise<void> {
    session.keep(await this.ofSession(session, (api) => api.snapshot()));
    this.#restores = 0;
  }

  /** Drops the session, here and in the worker, and one that is being made. Does not wait for the worker. */
  drop(): void {
    this.#endSession(failure('run_stopped', 'the session was dropped'));
    if (this.#line.kind !== 'open') return;
    // A worker that cannot answer has no session to drop.
    this.call((api) => api.stop(), this.#stopping.signal).catch(() => undefined);
  }

  /** Puts a new worker in the place of one that was lost. Rejects with a `Failure`. */
  revive(): Promise<void> {
    return this.#moves.run(async () => {
      if (this.#line.kind !== 'lost') return;
      this.#restores = 0;
      await this.#openAnother(this.#line.reason);
    });
  }

  async #call<T>(
    ask: (api: Remote<WorkerApi>) => Promise<T>,
    wanted: AbortSignal | undefined,
    hasToWait: () => boolean,
  ): Promise<T> {
    for (;;) {
      // Nothing may come between the last look and the call.
      while (hasToWait()) await this.#moves.idle();
      if (wanted?.aborted) throw toFailure(wanted.reason);
      const line = this.#line;
      if (line.kind === 'lost') throw line.reason;
      if (line.kind === 'closed') throw failure('worker_closed', 'the engine is not open');
      const { connection } = line;
      try {
        const answer = connection.call(ask);
        return await (wanted ? whileWanted(wanted, answer) : answer);
      } catch (thrown) {
        const reason = toFailure(thrown);
        if (wanted?.aborted) throw reason;
        // The worker was closed for another to take its place, which may be on its way.
        const isMoving = reason.code === 'worker_closed' && this.#line.kind !== 'closed';
        if (!isMoving && !endsEngine(reason)) throw reason;
        const replacing = this.#replace(connection, reason);
        await (wanted ? whileWanted(wanted, replacing) : replacing);
      }
    }
  }

  #become(engine: EngineName, connection: Connection): void {
    if (this.#line.kind === 'open') this.#line.connection.close();
    this.#line = { kind: 'open', engine, connection };
    this.#restores = 0;
  }

  #endSession(reason: Failure): void {
    this.#stopping.abort(reason);
    this.#stopping = new AbortController();
    const { session } = this.#belongings;
    if (!session) return;
    this.#belongings = { ...this.#belongings, session: null };
    session.end(reason);
  }

  /** Keeps the state with which the session moves; false where its worker has died and the last kept one has to do. */
  async #keepToMove(): Promise<boolean> {
    const { session } = this.#belongings;
    if (!session || this.#line.kind !== 'open') return true;
    const { connection } = this.#line;
    try {
      const snapshot = await whileWanted(
        session.signal,
        connection.call((api) => api.snapshot()),
      );
      session.keep(snapshot);
      return true;
    } catch (thrown) {
      const reason = toFailure(thrown);
      if (endsEngine(reason)) return false;
      if (session.signal.aborted) return true;
      throw reason;
    }
  }

  /** Puts another worker in the place of a dead one; does nothing when that has been done. */
  #replace(dead: Connection, why: Failure): Promise<void> {
    return this.#moves.run(async () => {
      if (this.#line.kind === 'lost') throw this.#line.reason;
      if (this.#line.kind === 'open' && this.#line.connection === dead) await this.#openAnother(why);
    });
  }

  /** A GPU that died is not trusted with the same session again: it goes on by the CPU, whatever the engine was. */
  async #openAnother(why: Failure): Promise<void> {
    if (this.#line.kind === 'open') this.#line.connection.close();
    for (;;) {
      this.#restores += 1;
      const tooMany = failure(
        'engine_lost',
        `the engine ended ${this.#restores} times, at last: ${why.message}`,
      );
      if (this.#restores > RESTORES_WITHOUT_PROGRESS) this.#endSession(tooMany);
      if (this.#restores > RESTORES_WITHOUT_PROGRESS + 1) throw this.#lose(tooMany);
      let connection: Connection | null = null;
      let opened: Opened;
      try {
        ({ connection, opened } = await this.prepare('cpu'));
        await furnish(
          connection,
          () => this.#belongings,
          (reason) => this.#endSession(reason),
        );
      } catch (thrown) {
        connection?.close();
        const reason = toFailure(thrown);
        if (endsEngine(reason)) continue;
        throw this.#lose(reason);
      }
      this.#line = { kind: 'open', engine: 'cpu', connection };
      this.#belongings.session?.rewound();
      this.events.replaced('cpu', opened, why);
      return;
    }
  }

  #lose(reason: Failure): Failure {
    // What was closed on purpose meanwhile is not lost.
    if (this.#line.kind === 'closed') return reason;
    this.#line = { kind: 'lost', reason };
    this.#endSession(reason);
    this.events.lost(reason);
    return reason;
  }
}
