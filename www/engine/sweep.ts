/**
 * Runs the cells of a sweep on several engines at once, each in a worker of its own with one session at a time. Records
 * do not depend on how many there are, nor on which of them ran a cell.
 */

import { EngineClient } from './client';
import { failure, toFailure } from './failure';
import type { Cell, Question, Record as RunRecord, StoppedModel } from './generated/types';
import { type Given, give } from './given';
import type { Failure } from './messages';
import { whileWanted } from './wanted';

export interface SweepEvents {
  /** Bytes of memory that an engine holds, told when it is ready and after each cell. */
  memory(engine: number, bytes: number): void;
  /** A cell's turn has come; one whose engine was lost has another. */
  begun(cell: Cell): void;
  /** How much of a cell that is under way is done, 0 to 1, and how long the rest takes; null while nothing tells. */
  progress(cell: Cell, share: number, remainingMs: number | null): void;
  finished(cell: Cell, record: RunRecord): void;
  /** A cell that cannot be run to its end; the others go on. */
  failed(cell: Cell, reason: Failure): void;
}

// Nobody watches a cell step by step, and Stop still acts within half a second.
const BUDGET_MS = 250;
/** Digits that an engine is asked about in one call. */
const ASKED_AT_ONCE = 500;
/** Nobody is told of these engines' downloads, and a cell looks at its session itself. */
const DEAF = { notice: () => undefined, replaced: () => undefined, lost: () => undefined };
const UNHEARD = { kept: () => undefined, rewound: () => undefined };

export class SweepRunner {
  readonly #wanted = new AbortController();

  constructor(
    private readonly base: string,
    /** What the visitor has given the page's own engine. */
    private readonly given: Given,
    /** As the page's own engine has them: what it has fetched is there, also when its build has left the server. */
    private readonly recipes: readonly string[],
    private readonly events: SweepEvents,
    private readonly newClient = (at: string) => new EngineClient(at, DEAF),
  ) {}

  /**
   * Runs the cells in their order on up to `workers` engines. Resolves when all are finished or failed, or after `stop`;
   * rejects with a `Failure` when no engine is left to run them.
   */
  async run(cells: readonly Cell[], workers: number): Promise<void> {
    const clients = Array.from({ length: Math.min(workers, cells.length) }, () => this.newClient(this.base));
    try {
      await whileWanted(this.#wanted.signal, this.#runOn(clients, cells));
    } catch (thrown) {
      if (!this.#stopped) throw toFailure(thrown);
    } finally {
      // Whatever still waits for these engines rejects, and nobody is waiting for that.
      for (const client of clients) client.close();
    }
  }

  /** Ends every cell under way, unfinished, and whatever was being made ready; `run` resolves at once. */
  stop(): void {
    this.#wanted.abort(failure('run_stopped', 'the sweep was stopped'));
  }

  get #stopped(): boolean {
    return this.#wanted.signal.aborted;
  }

  async #runOn(clients: readonly EngineClient[], cells: readonly Cell[]): Promise<void> {
    const queue = [...cells];
    const opened = await Promise.allSettled(clients.map((client) => this.#open(client)));
    const ready = clients.filter((_, engine) => opened[engine]?.status === 'fulfilled');
    await this.#shareAnswers(ready, cells);
    const ends = await Promise.allSettled(ready.map((client, engine) => this.#work(client, engine, queue)));
    const broken = [...opened, ...ends].find((end) => end.status === 'rejected');
    // One engine that could not be opened costs time, not results, as long as another takes its cells.
    if (queue.length > 0 && broken) throw toFailure(broken.reason);
  }

  async #open(client: EngineClient): Promise<void> {
    client.recipes = this.recipes;
    await client.open('cpu');
    await client.call((api) => api.loadFirst());
    await give(client, this.given);
  }

  /**
   * Has the engines work out together what all cells will ask of shipped teachers, which otherwise each would work out for
   * itself. An engine that fails at it is no failure yet: its cells ask again, and then it is one of theirs.
   */
  async #shareAnswers(clients: readonly EngineClient[], cells: readonly Cell[]): Promise<void> {
    if (clients.length < 2) return;
    const configs = cells.map(({ config }) => config);
    const asked = await Promise.allSettled(
      clients.map((client) => client.call((api) => api.questions(configs))),
    );
    const known = asked.find((answer) => answer.status === 'fulfilled');
    const queue = (known?.value ?? []).flatMap(portions);
    const told: Promise<void>[] = [];
    const answering = clients.map(async (client) => {
      for (let question = queue.shift(); question && !this.#stopped; question = queue.shift()) {
        const { model, split, indices } = question;
        const logits = await client.call((api) => api.logits(model, split, indices));
        for (const other of clients) {
          if (other !== client) told.push(other.call((api) => api.keepLogits(model, split, indices, logits)));
        }
      }
    });
    await Promise.allSettled(answering);
    await Promise.allSettled(told);
  }

  async #work(client: EngineClient, engine: number, queue: Cell[]): Promise<void> {
    for (;;) {
      this.events.memory(engine, await client.call((api) => api.memory()));
      const cell = this.#stopped ? undefined : queue.shift();
      if (!cell) return;
      await this.#run(client, cell, queue);
    }
  }

  async #run(client: EngineClient, cell: Cell, queue: Cell[]): Promise<void> {
    try {
      const record = await this.#train(client, cell);
      if (this.#stopped) return;
      const broken = brokenModels(record);
      if (broken.length === 0) this.events.finished(cell, record);
      else this.events.failed(cell, modelStopped(broken));
    } catch (thrown) {
      if (this.#stopped) return;
      const reason = toFailure(thrown);
      // Without its engine the cell goes to another; one that ended engine after engine has had its turn.
      if (!client.isOpen) {
        queue.unshift(cell);
        throw reason;
      }
      this.events.failed(cell, reason);
    }
  }

  async #train(client: EngineClient, cell: Cell): Promise<RunRecord> {
    this.events.begun(cell);
    const session = await client.start(cell.config, this.#wanted.signal, UNHEARD);
    for (;;) {
      const advance = await client.ofSession(session, (api) => api.advance(BUDGET_MS, 0));
      // Digits are on their way.
      if (!advance) continue;
      const { lives } = session;
      const { steps_done, steps_total, remaining_ms } = advance;
      this.events.progress(cell, steps_done / Math.max(1, steps_total), remaining_ms);
      if (advance.finished) {
        const record = await client.ofSession(session, (api) => api.record());
        // A worker that has died since took the end with it: the next one goes on from the last kept state.
        if (lives === session.lives) return record;
      } else if (advance.events.some(({ type }) => type === 'epoch')) await client.keep(session);
    }
  }
}

/** A question about many digits as several about few, so that engines share them evenly and Stop need not wait. */
function portions({ model, split, indices }: Question): Question[] {
  const count = Math.ceil(indices.length / ASKED_AT_ONCE);
  return Array.from({ length: count }, (_, part) => ({
    model,
    split,
    indices: indices.slice(part * ASKED_AT_ONCE, (part + 1) * ASKED_AT_ONCE),
  }));
}

/** Models that an error ended before their last epoch; patience that was spent is no error. */
function brokenModels({ models }: RunRecord): StoppedModel[] {
  return Object.entries(models).flatMap(([name, { stopped }]) =>
    stopped === null || stopped === 'patience_spent' ? [] : [{ name, stopped }],
  );
}

function modelStopped(models: StoppedModel[]): Failure {
  const listed = models.map(({ name, stopped }) => `${name}: ${stopped}`).join(', ');
  return failure('model_stopped', listed, { models });
}
