/** A sweep on the page: its cells, what they came to, and the engines that run them. */

import type { EngineClient } from '../engine/client';
import { failure, toFailure } from '../engine/failure';
import type { Cell, Config, Grid } from '../engine/generated/types';
import type { Failure } from '../engine/messages';
import type { Allowed } from '../engine/page-failures';
import { SweepRunner } from '../engine/sweep';
import { whileWanted } from '../engine/wanted';
import type { SweepKeeper, SweepLine } from '../runs/sweep-database';
import { SweepPace } from './sweep-pace';
import { Turns } from './turns';

export type SweepState = 'ready' | 'running' | 'stopped' | 'finished' | 'failed';

export type { SweepLine };

export interface FailedCell {
  readonly cell: Cell;
  readonly reason: Failure;
}

/** Engines at once where the machine does not say how many cores it has. */
const FEW = 2;
/** More than this many sets of digits are too much memory for a browser. */
export const MOST_ENGINES = 16;

/** What a sweep of the page starts from: choosing among settings must not use up the test digits. */
export function onValidation(config: Config): Config {
  return { ...config, data: { ...config.data, evaluate_on: 'validation' } };
}

export class Sweep {
  state = $state<SweepState>('ready');
  cells = $state.raw<readonly Cell[]>([]);
  lines = $state.raw<readonly SweepLine[]>([]);
  failed = $state.raw<readonly FailedCell[]>([]);
  /** Why no engine is left to go on, null if it did not come to that. */
  failure = $state.raw<Failure | null>(null);
  /** Cells as far as they are done, the ones under way in part. */
  cellsDone = $state(0);
  /** Milliseconds that are left as far as can be told; null before that. */
  remainingMs = $state<number | null>(null);
  elapsedMs = $state(0);
  /** Bytes of memory of each engine. */
  memory = $state.raw<readonly number[]>([]);
  #runner: SweepRunner | null = null;
  #loop: Promise<void> = Promise.resolve();
  #engines = FEW;
  #pace = new SweepPace();
  /** A sweep lasts until another is asked for, or `clear`. */
  readonly #turns = new Turns('run_stopped');

  constructor(
    private readonly client: EngineClient,
    private readonly base: string,
    private readonly keeper: SweepKeeper,
  ) {}

  /** Engines that this machine's cores suggest. */
  static get suggestedEngines(): number {
    return Math.min(MOST_ENGINES, Math.max(1, navigator.hardwareConcurrency || FEW));
  }

  /**
   * Starts a sweep in place of the one before; answers the turn that it has. With `goesOn` cells that were in the one before have
   * the lines that they had. Rejects with a `Failure` when a cell of the grid cannot run, or another sweep was asked for meanwhile.
   */
  async start(grid: Grid, engines: number, goesOn = false): Promise<AbortSignal> {
    if (!Number.isInteger(engines) || engines < 1 || engines > MOST_ENGINES) {
      const allowed: Allowed = { code: 'whole', min: 1, max: MOST_ENGINES };
      const problem = { path: 'engines', value: String(engines), allowed };
      throw { ...failure('config_invalid', `engines: ${engines}`), problems: [problem] };
    }
    const cells = await this.client.call((api) => api.cells(grid));
    const turn = this.#turns.take();
    this.#runner?.stop();
    await whileWanted(turn, this.#loop);
    const known = goesOn ? this.#linesFor(cells) : [];
    this.#forget();
    this.cells = cells;
    this.lines = known;
    this.#engines = engines;
    void this.keeper.begin(grid, engines);
    for (const line of known) void this.keeper.add(line);
    this.resume();
    return turn;
  }

  /**
   * Brings back what a visit before has left, unless another sweep was asked for first. Races of another version of the code
   * are run again. Never rejects.
   */
  async restore(version: string): Promise<void> {
    const turn = this.#turns.take();
    const kept = await this.keeper.read();
    if (!kept || turn.aborted) return;
    const { grid, engines, lines } = kept;
    // What is not allowed any more has no cells to go on with.
    const cells = await this.client.call((api) => api.cells(grid)).catch(() => []);
    if (cells.length === 0 || turn.aborted) return;
    const byName = new Map(cells.map(({ name }) => [JSON.stringify(name), name]));
    this.cells = cells;
    this.lines = lines.flatMap(({ cell, record }) => {
      const name = byName.get(JSON.stringify(cell));
      return name && record.environment.crate_version === version ? [{ cell: name, record }] : [];
    });
    this.cellsDone = this.lines.length;
    this.#engines = engines;
    this.state = this.lines.length === cells.length ? 'finished' : 'stopped';
  }

  /** The records of a sweep that was started; rejects with a `Failure` when one cannot be had, or when it was stopped. */
  async linesOf(turn: AbortSignal): Promise<readonly SweepLine[]> {
    await whileWanted(turn, this.#loop);
    if (this.failure) throw this.failure;
    const [failed] = this.failed;
    if (failed) throw failed.reason;
    if (this.state !== 'finished') throw failure('run_stopped', 'the sweep ended before its last cell');
    return this.lines;
  }

  /** Runs the cells that are not done. */
  resume(): void {
    if (this.state === 'running') return;
    const begun = performance.now();
    const elapsedBefore = this.elapsedMs;
    const pace = this.#pace;
    pace.interrupt();
    const shares = new Map<Cell, number>();
    const begins = new Map<Cell, number>();
    const count = (cell: Cell, share: number, remainingMs: number | null): void => {
      const cellMs = performance.now() - (begins.get(cell) ?? begun);
      if (share < 1) {
        shares.set(cell, share);
        pace.note(cell, cellMs, remainingMs);
      } else {
        shares.delete(cell);
        pace.end(cell, cellMs);
      }
      const underWay = [...shares.values()].reduce((sum, part) => sum + part, 0);
      this.cellsDone = this.lines.length + this.failed.length + underWay;
      this.elapsedMs = elapsedBefore + performance.now() - begun;
      this.remainingMs = pace.remainingMs(this.cells, this.#engines);
    };
    const runner = new SweepRunner(this.base, this.client, this.client.recipes, {
      memory: (engine, bytes) => {
        this.memory = Object.assign([...this.memory], { [engine]: bytes });
      },
      begun: (cell) => {
        begins.set(cell, performance.now());
        count(cell, 0, null);
      },
      progress: (cell, share, remainingMs) => count(cell, Math.min(share, 0.999), remainingMs),
      finished: (cell, record) => {
        const line = { cell: cell.name, record };
        this.lines = [...this.lines, line];
        void this.keeper.add(line);
        count(cell, 1, 0);
      },
      failed: (cell, reason) => {
        this.failed = [...this.failed, { cell, reason }];
        count(cell, 1, 0);
      },
    });
    this.#runner = runner;
    this.state = 'running';
    this.failure = null;
    this.memory = [];
    this.remainingMs = null;
    this.#loop = this.#follow(runner);
  }

  /** Ends the cells under way; those that are finished stay, and `resume` runs the others. */
  async stop(): Promise<void> {
    this.#runner?.stop();
    await this.#loop;
  }

  /** Back to before the first sweep. */
  async clear(): Promise<void> {
    const turn = this.#turns.take();
    await this.stop();
    if (turn.aborted) return;
    this.#forget();
    void this.keeper.clear();
  }

  /** Lines of these cells that are here already: a config has one record, unless it is of pictures that may be others by now. */
  #linesFor(cells: readonly Cell[]): SweepLine[] {
    const before = new Map(this.cells.map(({ name, config }) => [name, JSON.stringify(config)]));
    const records = new Map(this.lines.map(({ cell, record }) => [before.get(cell), record]));
    return cells.flatMap(({ name, config }) => {
      const text = JSON.stringify(config);
      const record = text.includes('"own"') ? undefined : records.get(text);
      return record ? [{ cell: name, record }] : [];
    });
  }

  #forget(): void {
    this.state = 'ready';
    this.cells = [];
    this.lines = [];
    this.failed = [];
    this.failure = null;
    this.cellsDone = 0;
    this.elapsedMs = 0;
    this.remainingMs = null;
    this.memory = [];
    this.#pace = new SweepPace();
  }

  async #follow(runner: SweepRunner): Promise<void> {
    const over = new Set([
      ...this.lines.map(({ cell }) => cell),
      ...this.failed.map(({ cell }) => cell.name),
    ]);
    const missing = this.cells.filter(({ name }) => !over.has(name)).sort(bySeedOnMaps);
    try {
      await runner.run(missing, this.#engines);
      this.state = this.lines.length + this.failed.length === this.cells.length ? 'finished' : 'stopped';
    } catch (thrown) {
      this.failure = toFailure(thrown);
      this.state = 'failed';
    }
    this.cellsDone = this.lines.length + this.failed.length;
    this.remainingMs = null;
    this.#runner = null;
  }
}

/** A map is filled whole before any of its cells has a second seed; a line of values is told once a value has all. */
function bySeedOnMaps(one: Cell, other: Cell): number {
  const isMap = Object.keys(one.name).length > 2;
  return isMap ? Number(one.name.seed) - Number(other.name.seed) : 0;
}
