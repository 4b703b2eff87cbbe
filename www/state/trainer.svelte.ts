/** The training loop of the page: it pulls. Pause is to stop asking, stop is to forget the session. */

import type { EngineClient } from '../engine/client';
import { toFailure } from '../engine/failure';
import type { Advance, Config, Record as RunRecord } from '../engine/generated/types';
import type { Failure } from '../engine/messages';
import { Run } from './run.svelte';

export type TrainerState = 'ready' | 'running' | 'paused' | 'finished' | 'failed';

interface TrainerEvents {
  modelsChanged(): void;
  failed(reason: Failure): void;
}

/** What listeners of the page's API hear of. */
export type Listener = (advance: Advance) => void;

// Long enough that a message each way is little beside it, short enough that Pause feels immediate.
const BUDGET_MS = 50;
// One round of steps, however slow the engine is.
const STEP_BUDGET_MS = 600_000;

export class Trainer {
  state = $state<TrainerState>('ready');
  run = $state.raw(new Run());
  /** Why the last run failed, null if it did not. */
  failure = $state.raw<Failure | null>(null);
  /** The config of the run under way or shown; null before the first. */
  config = $state.raw<Config | null>(null);
  /** True from Start until the session stands: it may wait for digits. */
  preparing = $state(false);
  readonly #listeners = new Set<Listener>();
  #loop: Promise<void> | null = null;
  #wanted = false;
  #generation = 0;

  constructor(
    private readonly client: EngineClient,
    private readonly events: TrainerEvents,
  ) {}

  async start(config: Config): Promise<void> {
    await this.#begin(config);
    if (this.state === 'paused') this.resume();
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    this.#wanted = true;
    this.#loop = this.#pull(this.#generation);
  }

  async pause(): Promise<void> {
    this.#wanted = false;
    await this.#loop;
  }

  /** One round of steps: every model under way takes one. From a standstill it starts a session first. */
  async step(config: Config): Promise<void> {
    if (this.state !== 'paused') await this.#begin(config);
    if (this.state !== 'paused') return;
    await this.#guarded(() => this.#advance(STEP_BUDGET_MS, 1));
  }

  /** Ends the run where it is; what it has shown stays. */
  async stop(): Promise<void> {
    await this.pause();
    if (this.state !== 'paused') return;
    await this.#guarded(async () => this.#finish(await this.client.call((api) => api.record())));
  }

  /** Back to before Start: no session, no results. */
  async reset(): Promise<void> {
    await this.pause();
    this.#generation += 1;
    this.run = new Run();
    this.config = null;
    this.state = 'ready';
    this.events.modelsChanged();
    await this.client.drop().catch((thrown: unknown) => this.events.failed(toFailure(thrown)));
  }

  /** Tells a listener what every `advance` brings; answers the way to stop that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the run is finished, stopped, paused or has failed. */
  async ended(): Promise<void> {
    await this.#loop;
  }

  /** A new worker goes on from the last kept state; the page's picture goes back to it too. */
  rewind(): void {
    this.run.rewind();
  }

  async #begin(config: Config): Promise<void> {
    await this.pause();
    this.#generation += 1;
    this.run = new Run();
    this.config = config;
    this.failure = null;
    this.preparing = true;
    await this.#guarded(async () => {
      await this.client.start(config);
      this.state = 'paused';
      // Without a step: brings `started` and the measures of models as they start.
      this.events.modelsChanged();
    });
    this.preparing = false;
  }

  async #pull(generation: number): Promise<void> {
    await this.#guarded(async () => {
      while (this.#wanted && generation === this.#generation) {
        if (await this.#advance(BUDGET_MS, 0)) return;
      }
      if (this.state === 'running') this.state = 'paused';
    });
  }

  /** One call of `advance`; true once the run is finished. */
  async #advance(budgetMs: number, maxSteps: number): Promise<boolean> {
    const begun = performance.now();
    const { run } = this;
    const advance = await this.client.call((api) => api.advance(budgetMs, maxSteps));
    const { lives } = this.client;
    const epochEnded = run.apply(advance, performance.now() - begun);
    if (epochEnded) {
      this.events.modelsChanged();
      await this.client.keep();
      run.keep();
    }
    // A worker that has died since took what it told with it: the next one goes on from the last kept state.
    if (lives !== this.client.lives) return false;
    for (const listener of this.#listeners) listener(advance);
    if (!advance.finished) return false;
    const record = await this.client.call((api) => api.record());
    if (lives !== this.client.lives) return false;
    this.#finish(record);
    return true;
  }

  #finish(record: RunRecord): void {
    this.run.record = record;
    // A run that was stopped has had no last event to tell them.
    this.run.comparisons = record.comparisons;
    this.#wanted = false;
    this.state = 'finished';
    this.events.modelsChanged();
  }

  async #guarded(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#wanted = false;
      this.state = 'failed';
      this.failure = toFailure(thrown);
      this.events.failed(this.failure);
    }
  }
}
