/** One run as the page sees it: the events of the session, put in order for charts and words. */

import type {
  Advance,
  Comparison,
  EpochMeasures,
  Event,
  LossTerms,
  Record as RunRecord,
  StartedModel,
} from '../engine/generated/types';
import { Pace } from './pace';

export interface LossPoint extends LossTerms {
  /** Where the step lies on the axis of epochs: 1 is the end of the first. */
  readonly epoch: number;
}

export interface Warning {
  readonly model: string | null;
  readonly code: string;
  readonly message: string;
}

interface Kept {
  readonly epochs: ByModel<EpochMeasures>;
  readonly losses: ByModel<LossPoint>;
  readonly elapsedMs: number;
  readonly stepsDone: number;
  readonly trained: ReadonlySet<string>;
  readonly comparisons: readonly Comparison[];
  readonly isComplete: boolean;
}

/** Lists by model; without a prototype, since a model may be called `constructor`. */
type ByModel<T> = Readonly<Record<string, T[]>>;
const nobody = <T>(): ByModel<T> => Object.create(null) as ByModel<T>;

const NOTHING: Kept = {
  epochs: nobody(),
  losses: nobody(),
  elapsedMs: 0,
  stepsDone: 0,
  trained: new Set(),
  comparisons: [],
  isComplete: false,
};

export class Run {
  models = $state.raw<readonly StartedModel[]>([]);
  epochs = $state.raw<ByModel<EpochMeasures>>(nobody());
  losses = $state.raw<ByModel<LossPoint>>(nobody());
  /** Names of the models that have been trained to their end. */
  trained = $state.raw<ReadonlySet<string>>(new Set());
  comparisons = $state.raw<readonly Comparison[]>([]);
  warnings = $state.raw<readonly Warning[]>([]);
  record = $state.raw<RunRecord | null>(null);
  /** Whether it was trained to its end, rather than stopped. */
  isComplete = $state(false);
  stepsDone = $state(0);
  stepsTotal = $state(0);
  /** Time spent training, pauses apart. */
  elapsedMs = $state(0);
  /** Time that is left, null while nothing can be said. */
  remainingMs = $state<number | null>(null);
  #pace = new Pace();
  #kept: Kept | null = null;

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
    const learning = this.models.filter(({ name }) => this.losses[name] && !this.trained.has(name));
    const ended = learning.map(({ name }) => this.latest(name)?.epoch ?? 0);
    return Math.min((learning.length > 0 ? Math.max(...ended) : this.epochsEnded) + 1, this.epochsTotal);
  }

  /** How far a model's training has come, 0 to 1; null while it has not begun. */
  progressOf(name: string): number | null {
    if (this.trained.has(name)) return 1;
    const epochs = this.models.find((model) => model.name === name)?.epochs ?? 0;
    const last = this.losses[name]?.at(-1);
    return last && epochs > 0 ? Math.min(1, last.epoch / epochs) : null;
  }

  latest(model: string): EpochMeasures | null {
    return this.epochs[model]?.at(-1) ?? null;
  }

  /** Takes over what one `advance` brought. Answers whether any model has changed by an epoch. */
  apply(advance: Advance, elapsedMs: number): boolean {
    this.stepsDone = advance.steps_done;
    this.stepsTotal = advance.steps_total;
    this.elapsedMs += elapsedMs;
    for (const event of advance.events) {
      if (event.type !== 'epoch' && event.type !== 'step') this.#applyRare(event);
    }
    const measures = grouped(advance.events, (event) => (event.type === 'epoch' ? event.measures : null));
    const losses = grouped(advance.events, (event) =>
      event.type === 'step' ? this.#lossPoint(event) : null,
    );
    // Assigned only where something came, so that a chart of epochs is not drawn anew at every step.
    if (losses.size > 0) this.losses = appended(this.losses, losses);
    if (measures.size > 0) this.epochs = appended(this.epochs, measures);
    this.#pace.note(this.elapsedMs, this.stepsDone, this.epochsEnded === 0);
    this.remainingMs = this.#pace.remainingMs(this.stepsTotal - this.stepsDone, this.epochsTotal === 1);
    return measures.size > 0;
  }

  #applyRare(event: Exclude<Event, { type: 'epoch' | 'step' }>): void {
    if (event.type === 'started') this.models = event.models;
    else if (event.type === 'done') {
      this.comparisons = event.comparisons;
      this.isComplete = true;
    } else if (event.type === 'model_done') {
      this.trained = new Set([...this.trained, event.model]);
    } else if (event.type === 'warning') {
      const { model, code, message } = event;
      this.warnings = [...this.warnings, { model: model ?? null, code, message }];
    }
  }

  #lossPoint(event: Extract<Event, { type: 'step' }>): LossPoint {
    const model = this.models.find(({ name }) => name === event.model);
    const stepsPerEpoch = model && model.epochs > 0 ? model.steps / model.epochs : 1;
    return { ...event.loss, epoch: event.step / stepsPerEpoch };
  }

  /** Remembers this state as the one the engine's snapshot stands for. */
  keep(): void {
    const { epochs, losses, elapsedMs, stepsDone, trained, comparisons, isComplete } = this;
    this.#kept = { epochs, losses, elapsedMs, stepsDone, trained, comparisons, isComplete };
  }

  /** Goes back to the kept state, from which a new worker goes on. */
  rewind(): void {
    Object.assign(this, this.#kept ?? NOTHING);
    this.#pace = new Pace();
    this.remainingMs = null;
  }
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

function appended<T>(lists: ByModel<T>, more: ReadonlyMap<string, T[]>): ByModel<T> {
  const result: Record<string, T[]> = Object.assign(nobody(), lists);
  for (const [model, items] of more) result[model] = [...(result[model] ?? []), ...items];
  return result;
}
