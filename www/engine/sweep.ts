/**
 * Runs the cells of a sweep on several engines at once, each in a worker of its own with one session at a time. Records
 * do not depend on how many there are, nor on which of them ran a cell.
 */

import { EngineClient, type OwnPictures } from './client';
import { failure, toFailure } from './failure';
import type { Cell, Record as RunRecord } from './generated/types';
import type { Failure } from './messages';

export interface SweepEvents {
  /** Bytes of memory that an engine holds, told when it is ready and after each cell. */
  memory(engine: number, bytes: number): void;
  /** How much of a cell that is under way is done, 0 to 1. */
  progress(cell: Cell, share: number): void;
  finished(cell: Cell, record: RunRecord): void;
  /** A cell that cannot be run to its end; the others go on. */
  failed(cell: Cell, reason: Failure): void;
}

// Nobody watches a cell step by step, and Stop still acts within half a second.
const BUDGET_MS = 250;

export class SweepRunner {
  #stopped = false;

  constructor(
    private readonly base: string,
    private readonly own: OwnPictures | null,
    private readonly events: SweepEvents,
  ) {}

  /**
   * Runs the cells in their order on up to `workers` engines. Resolves when all are finished or failed, or after `stop`;
   * rejects with a `Failure` when no engine is left to run them.
   */
  async run(cells: readonly Cell[], workers: number): Promise<void> {
    const queue = [...cells];
    const work = Array.from({ length: Math.min(workers, cells.length) }, (_, engine) =>
      this.#work(engine, queue),
    );
    const ends = await Promise.allSettled(work);
    const broken = ends.find((end) => end.status === 'rejected');
    // One engine that could not be opened costs time, not results, as long as another takes its cells.
    if (queue.length > 0 && broken && !this.#stopped) throw toFailure(broken.reason);
  }

  /** Ends every cell under way, unfinished. */
  stop(): void {
    this.#stopped = true;
  }

  async #work(engine: number, queue: Cell[]): Promise<void> {
    const client = new EngineClient(this.base, { notice: () => undefined, restored: () => undefined });
    try {
      await client.open('cpu');
      await client.call((api) => api.loadFirst());
      if (this.own) await client.addOwn(this.own.images, this.own.labels);
      for (;;) {
        this.events.memory(engine, await client.call((api) => api.memory()));
        const cell = this.#stopped ? undefined : queue.shift();
        if (!cell) return;
        await this.#run(client, cell, queue);
      }
    } finally {
      client.close();
    }
  }

  async #run(client: EngineClient, cell: Cell, queue: Cell[]): Promise<void> {
    try {
      await client.start(cell.config);
      for (;;) {
        if (this.#stopped) return;
        const advance = await client.call((api) => api.advance(BUDGET_MS, 0));
        this.events.progress(cell, advance.steps_done / Math.max(1, advance.steps_total));
        if (advance.finished) break;
        if (advance.events.some(({ type }) => type === 'epoch')) await client.keep();
      }
      const record = await client.call((api) => api.record());
      const broken = brokenModels(record);
      if (broken === '') this.events.finished(cell, record);
      else this.events.failed(cell, failure('model_stopped', broken));
    } catch (thrown) {
      const reason = toFailure(thrown);
      if (reason.code === 'engine_lost' || reason.code === 'failed_to_load') {
        queue.unshift(cell);
        throw reason;
      }
      this.events.failed(cell, reason);
    }
  }
}

/** Models that an error ended before their last epoch, in words; patience that was spent is no error. */
function brokenModels({ models }: RunRecord): string {
  const broken = Object.entries(models).filter(
    ([, { stopped }]) => stopped !== null && stopped !== 'patience_spent',
  );
  return broken.map(([name, { stopped }]) => `${name}: ${stopped}`).join(', ');
}
