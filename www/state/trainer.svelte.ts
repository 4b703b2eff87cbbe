/** The training loop of the page: it pulls. Pause is to stop asking, stop is to forget the session. */

import type { EngineClient, Session } from '../engine/client';
import { failure, toFailure } from '../engine/failure';
import type { Advance, Config, Record as RunRecord } from '../engine/generated/types';
import type { Failure } from '../engine/messages';
import { whileWanted } from '../engine/wanted';
import type { Ending } from '../runs/kept-run';
import { Pace } from './pace';
import { Race } from './race';
import { type Goal, isBusy, nextRaceStatus, type RaceEvent, type RaceStatus, raceOf } from './race-machine';
import { Run } from './run.svelte';
import { Turns } from './turns';
import type { Left } from './unfinished.svelte';

export type TrainerState = 'ready' | 'running' | 'paused' | 'finished' | 'failed';

interface TrainerEvents {
  /** What a race waits for before its session is made: the engine may change for it. */
  prepare(config: Config): Promise<void>;
  modelsChanged(): void;
  /** A race has been kept as the engine's snapshot has it. */
  kept(race: Race, snapshot: Uint8Array): void;
  failed(reason: Failure): void;
  /** A race went on from its last kept state in another worker. */
  rewound(): void;
  /** A race came to its end, whatever that was, or its test digits were opened after it. */
  ended(race: Race, ending: Ending): void;
}

/** What listeners of the page's API hear of. */
export type Listener = (advance: Advance) => void;

// Long enough that a message each way is little beside it, short enough that Pause feels immediate.
const BUDGET_MS = 50;
// One round of steps, however slow the engine is.
const STEP_BUDGET_MS = 600_000;

/** What the page's buttons and charts know of a status. */
const SHOWN: Readonly<Record<RaceStatus['kind'], TrainerState>> = {
  ready: 'ready',
  preparing: 'ready',
  running: 'running',
  stepping: 'paused',
  paused: 'paused',
  stopping: 'running',
  finished: 'finished',
  failed: 'failed',
};

export class Trainer {
  #status = $state.raw<RaceStatus>({ kind: 'ready' });
  readonly #noRun = new Run();
  readonly #listeners = new Set<Listener>();
  /** Every act that decides which race is on. */
  readonly #turns = new Turns('run_stopped');
  readonly #pace = new Pace();
  /** The race whose loop runs: there is one at a time. */
  #pulling: Race | null = null;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly client: EngineClient,
    private readonly events: TrainerEvents,
  ) {}

  get status(): RaceStatus {
    return this.#status;
  }

  get state(): TrainerState {
    return SHOWN[this.#status.kind];
  }

  /** The run under way or shown; an empty one before the first. */
  get run(): Run {
    return raceOf(this.#status)?.run ?? this.#noRun;
  }

  /** The config of the run under way or shown; null before the first. */
  get config(): Config | null {
    return raceOf(this.#status)?.config ?? null;
  }

  /** True from Start until the session stands: it may wait for digits. */
  get preparing(): boolean {
    return this.#status.kind === 'preparing';
  }

  /** Whether Start may begin a race: none is under way. */
  get canStart(): boolean {
    return !isBusy(this.#status) && this.#status.kind !== 'paused';
  }

  /** Begins a race, or goes on with one that another page has left; null while another is under way. */
  start(config: Config, goal: Goal = 'running', left: Left | null = null): Race | null {
    const race = new Race(config);
    if (left) race.run.takeOver(left.seen);
    if (!this.#take({ type: 'start', race, goal })) return null;
    this.#turns.take();
    void this.#guarded(race, () => this.#prepare(race, left?.snapshot ?? null));
    return race;
  }

  /** A turn for an act that comes to a start: a reset or another start ends it. */
  turn(): AbortSignal {
    return this.#turns.take();
  }

  resume(): void {
    if (this.#take({ type: 'resume' })) this.#pull();
  }

  pause(): void {
    this.#take({ type: 'pause' });
  }

  /** One round of steps of a paused race: every model under way takes one. */
  step(): void {
    if (this.#take({ type: 'step' })) this.#pull();
  }

  /** Ends the run where it is; what it has shown stays. One that is still being made ready is given up. */
  stop(): void {
    this.#turns.take();
    if (!this.#take({ type: 'stop' })) return;
    const status = this.#status;
    if (status.kind !== 'stopping') {
      this.client.drop();
      this.events.modelsChanged();
      return;
    }
    const { race, session } = status;
    void this.#guarded(race, async () =>
      this.#finish(race, await this.client.ofSession(session, (api) => api.record())),
    );
  }

  /** Back to before Start: no session, no results. Answers a turn, which the next start or reset ends. */
  reset(): AbortSignal {
    const turn = this.#turns.take();
    this.#take({ type: 'reset' });
    this.client.drop();
    this.events.modelsChanged();
    return turn;
  }

  /**
   * Measures the trained models of the race that has ended on the test digits; `before`: how often those have been opened
   * in this visit. Answers how often it is now; null without such a race. Rejects with a `Failure`.
   */
  async openTest(before: number): Promise<number | null> {
    const status = this.#status;
    if (status.kind !== 'finished') return null;
    const { race, session } = status;
    const event = await this.client.ofSession(session, (api) => api.openTest(before));
    const record = await this.client.ofSession(session, (api) => api.record());
    const { stepsDone, stepsTotal } = race.run;
    const counts = { steps_done: stepsDone, steps_total: stepsTotal };
    const advance: Advance = { ...counts, events: [event], remaining_ms: 0, finished: true };
    race.run.bring(advance, 0);
    race.run.show();
    race.run.record = record;
    this.events.ended(race, endingOf(race));
    await this.client.keep(session);
    this.#tell(advance);
    return event.opened;
  }

  /** Tells a listener what every `advance` brings; answers the way to stop that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when no race is under way: finished, stopped, paused, failed, or there is none. */
  async atRest(): Promise<void> {
    while (isBusy(this.#status)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The one place where the status changes. Answers whether the event changed it. */
  #take(event: RaceEvent): boolean {
    const before = this.#status;
    const after = nextRaceStatus(before, event);
    if (after === before) return false;
    this.#status = after;
    const left = raceOf(before);
    // It brings no more: what has come and does not stand there yet is all there is.
    if (left !== raceOf(after) || after.kind === 'failed') left?.run.show();
    if (left && left !== raceOf(after)) {
      left.leave();
      if (before.kind !== 'finished' && before.kind !== 'failed') this.events.ended(left, 'broken_off');
    }
    if (after.kind === 'failed') {
      after.race.fail(after.failure);
      this.events.ended(after.race, 'broken_off');
    }
    if (!isBusy(after)) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve();
    }
    return true;
  }

  async #prepare(race: Race, snapshot: Uint8Array | null): Promise<void> {
    await whileWanted(race.wanted, this.events.prepare(race.config));
    const events = {
      kept: (kept: Uint8Array) => {
        race.run.keep();
        this.events.kept(race, kept);
      },
      rewound: () => this.#rewind(race),
    };
    const session = await this.client.start(race.config, race.wanted, events, snapshot);
    // It can end without a call under way that would tell: while it is paused.
    session.signal.addEventListener('abort', () => this.#fail(race, session.signal.reason));
    if (!this.#take({ type: 'prepared', race, session })) return;
    this.events.modelsChanged();
    this.#pull();
  }

  /** Asks for steps for as long as the status wants some. */
  #pull(): void {
    const race = raceOf(this.#status);
    // A loop that is under way sees the new status when its call returns.
    if (!race || this.#pulling === race) return;
    this.#pulling = race;
    void this.#guarded(race, async () => {
      for (;;) {
        const status = this.#status;
        const isWanted = status.kind === 'running' || status.kind === 'stepping';
        if (!isWanted || status.race !== race || this.#pulling !== race) break;
        if (status.kind === 'running') await this.#advance(race, status.session, BUDGET_MS, 0);
        else if (await this.#advance(race, status.session, STEP_BUDGET_MS, 1)) {
          this.#take({ type: 'stepped', race });
        }
      }
    }).finally(() => {
      if (this.#pulling === race) this.#pulling = null;
      // Resumed in the very turn in which the loop ended.
      const { kind } = this.#status;
      if (raceOf(this.#status) === race && (kind === 'running' || kind === 'stepping')) this.#pull();
    });
  }

  /** One call of `advance`; false where it could not go on, since digits are on their way. */
  async #advance(race: Race, session: Session, budgetMs: number, maxSteps: number): Promise<boolean> {
    const begun = performance.now();
    const advance = await this.client.ofSession(session, (api) => api.advance(budgetMs, maxSteps));
    // What comes after Reset is nobody's.
    if (race.wanted.aborted) return false;
    if (!advance) {
      await this.#show(race, session);
      race.run.isWaiting = true;
      return false;
    }
    const { lives } = session;
    race.run.bring(advance, performance.now() - begun);
    // Whoever pauses or ends a race sees where it is.
    const isAtRest = advance.finished || this.#status.kind !== 'running';
    if (isAtRest || this.#pace.isDue) await this.#show(race, session);
    // A worker that has died since took what it told with it: the next one goes on from the last kept state.
    if (lives !== session.lives) return true;
    this.#tell(advance);
    if (!advance.finished) return true;
    const record = await this.client.ofSession(session, (api) => api.record());
    if (lives === session.lives) this.#finish(race, record);
    return true;
  }

  /** Shows what a race has brought, and keeps it where a model has changed by an epoch. */
  async #show(race: Race, session: Session): Promise<void> {
    this.#pace.begin();
    if (!race.run.show()) return;
    this.events.modelsChanged();
    await this.client.keep(session);
  }

  #tell(advance: Advance): void {
    for (const listener of this.#listeners) {
      try {
        listener(advance);
      } catch (thrown) {
        // It is a stranger's, and no fault of the race.
        reportError(thrown);
      }
    }
  }

  #finish(race: Race, record: RunRecord): void {
    if (!this.#take({ type: 'ended', race })) return;
    race.run.show();
    race.run.record = record;
    // A run that was stopped has had no last event to tell them.
    race.run.comparisons = record.comparisons;
    if (race.run.isComplete) race.finish(record);
    else race.fail(failure('run_stopped', 'the run ended before its last epoch'));
    this.events.modelsChanged();
    this.events.ended(race, endingOf(race));
  }

  #rewind(race: Race): void {
    race.run.rewind();
    if (raceOf(this.#status) !== race) return;
    this.events.modelsChanged();
    this.events.rewound();
  }

  #fail(race: Race, thrown: unknown): void {
    const reason = toFailure(thrown);
    if (this.#take({ type: 'failed', race, failure: reason })) this.events.failed(reason);
  }

  async #guarded(race: Race, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#fail(race, thrown);
    }
  }
}

/** How a race that has a record came to its end. */
function endingOf({ run }: Race): Ending {
  return run.isComplete ? 'finished' : 'stopped';
}
