/** One run as the page sees it: the events of the session, put in order for charts and words. */

import type {
  Advance,
  Comparison,
  EpochMeasures,
  Event,
  LossTerms,
  Record as RunRecord,
  StartedModel,
  Stored,
  TestResults,
  Warning,
} from '../engine/generated/types';
import type { Costs } from '../model/costs';
import { own } from '../model/own';

export interface LossPoint extends LossTerms {
  /** Where the step lies on the axis of epochs: 1 is the end of the first. */
  readonly epoch: number;
}

export interface ModelWarning {
  /** Null for one that is about no single model. */
  readonly model: string | null;
  readonly warning: Warning;
}

/** What a run has shown up to a moment from which it can go on. */
interface Kept {
  readonly epochs: Readonly<Record<string, EpochMeasures[]>>;
  readonly losses: Readonly<Record<string, LossPoint[]>>;
  readonly elapsedMs: number;
  readonly stepsDone: number;
  readonly trained: ReadonlySet<string>;
  readonly endedEarly: ReadonlySet<string>;
  readonly microseconds: Readonly<Record<string, number>>;
  readonly stored: Readonly<Record<string, Stored>>;
  readonly warnings: readonly ModelWarning[];
  readonly comparisons: readonly Comparison[];
  readonly isComplete: boolean;
  readonly test: TestResults | null;
  readonly testOpened: number;
}

/** The same with what stays as it is from the start: all of it, for another page. */
export interface Seen extends Kept {
  readonly models: readonly StartedModel[];
  readonly stepsTotal: number;
}

const NOTHING: Kept = {
  epochs: {},
  losses: {},
  elapsedMs: 0,
  stepsDone: 0,
  trained: new Set(),
  endedEarly: new Set(),
  microseconds: {},
  stored: {},
  warnings: [],
  comparisons: [],
  isComplete: false,
  test: null,
  testOpened: 0,
};

export class Run {
  models = $state.raw<readonly StartedModel[]>([]);
  epochs = $state.raw<Readonly<Record<string, EpochMeasures[]>>>({});
  losses = $state.raw<Readonly<Record<string, LossPoint[]>>>({});
  /** Names of the models that have been trained to their end. */
  trained = $state.raw<ReadonlySet<string>>(new Set());
  /** Those of them that early stop has ended before their last epoch. */
  endedEarly = $state.raw<ReadonlySet<string>>(new Set());
  /** What a digit takes of models that were timed, by name. */
  microseconds = $state.raw<Readonly<Record<string, number>>>({});
  /** What trained models take as they are stored, by name. */
  stored = $state.raw<Readonly<Record<string, Stored>>>({});
  comparisons = $state.raw<readonly Comparison[]>([]);
  warnings = $state.raw<readonly ModelWarning[]>([]);
  record = $state.raw<RunRecord | null>(null);
  /** Whether it was trained to its end, rather than stopped. */
  isComplete = $state(false);
  /** What the test digits have shown, null while they are shut, and how often they have been opened in this visit. */
  test = $state.raw<TestResults | null>(null);
  testOpened = $state(0);
  stepsDone = $state(0);
  stepsTotal = $state(0);
  /** Time spent training, pauses apart. */
  elapsedMs = $state(0);
  /** Time that is left as the engine tells it, null while nothing can be said. */
  remainingMs = $state<number | null>(null);
  /** Whether it stands still until the digits come that an epoch is measured on. */
  isWaiting = $state(false);
  /** What has come since the last `show`, and the time that it took. */
  #unseen: [Advance, number][] = [];
  #kept: Kept | null = null;

  /** What each model takes, by name; nothing before the session stands. */
  get costs(): Costs {
    const costs = this.models.map(({ name, cost }) => {
      const microseconds_a_digit = own(this.microseconds, name) ?? null;
      return [name, { ...cost, microseconds_a_digit, stored: own(this.stored, name) ?? null }] as const;
    });
    return Object.fromEntries(costs);
  }

  /** Epochs that the longest trained model will take. */
  get epochsTotal(): number {
    return Math.max(0, ...this.models.map((model) => (model.pretrained ? 0 : model.epochs)));
  }

  /** The last epoch that any model has ended, from 1; 0 before. */
  get epochsEnded(): number {
    return Math.max(0, ...Object.values(this.epochs).map((list) => list.at(-1)?.epoch ?? 0));
  }

  /** The epoch under way, from 1; of models in training, since those of a chain begin one after another. */
  get epochUnderWay(): number {
    const learning = this.models.filter(({ name }) => own(this.losses, name) && !this.trained.has(name));
    const ended = learning.map(({ name }) => this.latest(name)?.epoch ?? 0);
    return Math.min((learning.length > 0 ? Math.max(...ended) : this.epochsEnded) + 1, this.epochsTotal);
  }

  /** How far a model's training has come, 0 to 1; null while it has not begun. */
  progressOf(name: string): number | null {
    if (this.trained.has(name) && !this.endedEarly.has(name)) return 1;
    const epochs = this.epochsOf(name);
    const last = own(this.losses, name)?.at(-1);
    return last && epochs > 0 ? Math.min(1, last.epoch / epochs) : null;
  }

  /** Epochs that a model will train, or would have, had it not ended early; 0 for one that does not learn. */
  epochsOf(name: string): number {
    return this.models.find((model) => model.name === name)?.epochs ?? 0;
  }

  latest(model: string): EpochMeasures | null {
    return own(this.epochs, model)?.at(-1) ?? null;
  }

  /** Why a model was stopped before it was trained, as the engine tells it; null for one that was not. */
  stoppedBy(model: string): ModelWarning | null {
    return this.warnings.find((warning) => warning.model === model) ?? null;
  }

  /** Measures of a model that say something of it: weights that have broken tell nothing of the digits. */
  soundMeasures(model: string): readonly EpochMeasures[] {
    const all = own(this.epochs, model) ?? [];
    if (this.stoppedBy(model) === null) return all;
    return all.filter(({ epoch, loss }) => epoch === 0 || isSound(loss?.total));
  }

  /** Takes what one `advance` brought; it stands on the page with the next `show`. */
  bring(advance: Advance, elapsedMs: number): void {
    this.#unseen.push([advance, elapsedMs]);
  }

  /** Takes over what has come since it was last called. Answers whether any model has changed by an epoch. */
  show(): boolean {
    const unseen = this.#unseen;
    const last = unseen.at(-1)?.[0];
    if (!last) return false;
    this.#unseen = [];
    this.stepsDone = last.steps_done;
    this.stepsTotal = last.steps_total;
    this.elapsedMs += unseen.reduce((sum, [, elapsedMs]) => sum + elapsedMs, 0);
    const events = unseen.flatMap(([advance]) => advance.events);
    for (const event of events) {
      if (event.type !== 'epoch' && event.type !== 'step') this.#applyRare(event);
    }
    const measures = grouped(events, (event) => (event.type === 'epoch' ? event.measures : null));
    const losses = grouped(events, (event) => (event.type === 'step' ? this.#lossPoint(event) : null));
    // Assigned only where something came, so that a chart of epochs is not drawn anew at every step.
    if (losses.size > 0) this.losses = appended(this.losses, losses);
    if (measures.size > 0) this.epochs = appended(this.epochs, measures);
    this.remainingMs = last.remaining_ms;
    this.isWaiting = false;
    return measures.size > 0;
  }

  #applyRare(event: Exclude<Event, { type: 'epoch' | 'step' }>): void {
    if (event.type === 'started') this.models = event.models;
    else if (event.type === 'done') {
      this.comparisons = event.comparisons;
      this.isComplete = true;
    } else if (event.type === 'model_done') {
      this.trained = new Set([...this.trained, event.model]);
      this.stored = { ...this.stored, [event.model]: event.stored };
      if (event.ended === 'patience_spent') this.endedEarly = new Set([...this.endedEarly, event.model]);
    } else if (event.type === 'timed') {
      this.microseconds = { ...this.microseconds, [event.model]: event.microseconds_a_digit };
    } else if (event.type === 'test_opened') {
      this.test = event.results;
      this.testOpened = event.opened;
    } else if (event.type === 'warning') {
      const { model, warning } = event;
      this.warnings = [...this.warnings, { model, warning }];
    }
  }

  #lossPoint(event: Extract<Event, { type: 'step' }>): LossPoint {
    const model = this.models.find(({ name }) => name === event.model);
    const stepsPerEpoch = model && model.epochs > 0 ? model.steps / model.epochs : 1;
    return { ...event.loss, epoch: event.step / stepsPerEpoch };
  }

  /** Remembers this state as the one the engine's snapshot stands for. */
  keep(): void {
    const { epochs, losses, elapsedMs, stepsDone, trained, endedEarly, warnings } = this;
    const { microseconds, stored, comparisons, isComplete, test, testOpened } = this;
    this.#kept = {
      epochs,
      losses,
      elapsedMs,
      stepsDone,
      trained,
      endedEarly,
      microseconds,
      stored,
      warnings,
      comparisons,
      isComplete,
      test,
      testOpened,
    };
  }

  /** The kept state, for another page; null before the first. */
  get seen(): Seen | null {
    const { models, stepsTotal } = this;
    return this.#kept && { ...this.#kept, models, stepsTotal };
  }

  /** Takes over what another page has shown of this run. */
  takeOver(seen: Seen): void {
    Object.assign(this, seen);
    this.keep();
  }

  /** Goes back to the kept state, from which a new worker goes on. */
  rewind(): void {
    Object.assign(this, this.#kept ?? NOTHING);
    this.#unseen = [];
    this.remainingMs = null;
    this.isWaiting = false;
  }
}

/** A broken number crosses as null or as NaN. */
function isSound(value: number | null | undefined): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What `pick` takes of events, by model. */
function grouped<T>(events: readonly Event[], pick: (event: Event) => T | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const event of events) {
    const picked = pick(event);
    if (picked === null || !('model' in event) || event.model === null) continue;
    const group = groups.get(event.model) ?? [];
    group.push(picked);
    groups.set(event.model, group);
  }
  return groups;
}

function appended<T>(
  lists: Readonly<Record<string, T[]>>,
  more: ReadonlyMap<string, T[]>,
): Readonly<Record<string, T[]>> {
  const added = [...more].map(([model, items]) => {
    const all: [string, T[]] = [model, [...(own(lists, model) ?? []), ...items]];
    return all;
  });
  return { ...lists, ...Object.fromEntries(added) };
}
