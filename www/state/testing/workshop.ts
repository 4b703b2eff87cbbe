/**
 * Engines without wasm, for tests of the page's states: workers whose every answer waits until the test lets it go, and
 * which can die, crash, lose their GPU, fail to open and wait for digits. A session takes four steps in two epochs; its
 * record and its events tell which config was trained and how far, so that races that were mixed up show.
 */

import type { Remote } from 'comlink';
import { Connection, type Line } from '../../engine/connection';
import { failure } from '../../engine/failure';
import type { Advance, Config, Event, Recipe, Record as RunRecord } from '../../engine/generated/types';
import type { EngineName, Failure, Opened, WorkerApi } from '../../engine/messages';
import { CallQueue } from '../../engine/queue';

export const EPOCHS = 2;
export const STEPS = 4;

/** A config that is told from others by its seed. */
export const configOf = (seed: number): Config =>
  ({ version: 1, seed, models: { solo: { net: { mlp: { hidden: [30] } } } } }) as unknown as Config;

export const RECIPES = [
  { name: 'first-race', title: { en: 'First race', zh: '第一场' }, config: configOf(1) },
] as unknown as Recipe[];

interface Waiting {
  readonly worker: FakeWorker;
  readonly go: () => void;
}

interface FakeSession {
  readonly config: Config;
  step: number;
}

export class Workshop {
  readonly workers: FakeWorker[] = [];
  /** Answers that wait to be let go. */
  waiting: Waiting[] = [];
  areDigitsHeld = false;
  /** Openings that fail from now on. */
  failingOpenings = 0;
  hasGpu = true;
  /** Deaths, crashes, lost GPUs and failed openings so far. */
  faults = 0;
  /** Steps that any session took. */
  stepsTaken = 0;

  readonly connect = (): Connection => {
    const worker = new FakeWorker(this);
    this.workers.push(worker);
    return new Connection(worker);
  };

  get living(): FakeWorker[] {
    return this.workers.filter(({ isDead }) => !isDead);
  }

  /** The worker that answers the page: the last that has what was asked of engines in use. */
  inUse(engine: EngineName): FakeWorker | undefined {
    return this.living.findLast((worker) => worker.engine === engine && worker.isFurnished);
  }

  /** Lets one of the waiting answers go. */
  async letGo(at: number): Promise<void> {
    const [next] = this.waiting.splice(at % Math.max(1, this.waiting.length), 1);
    next?.go();
    await settled();
  }

  /** Takes every fault away and lets everything go until nothing is under way. */
  async comeToRest(): Promise<void> {
    this.areDigitsHeld = false;
    this.failingOpenings = 0;
    this.hasGpu = true;
    await settled();
    for (let turns = 0; this.waiting.length > 0; turns += 1) {
      if (turns > 3000) throw new Error('the page does not come to rest');
      await this.letGo(0);
    }
  }
}

/** Lets every reaction of the page to what has happened run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class FakeWorker implements Line {
  isDead = false;
  isFurnished = false;
  engine: EngineName | null = null;
  own: Uint8Array | null = null;
  session: FakeSession | null = null;
  readonly #queue = new CallQueue();
  #died: (why: string) => void = () => undefined;
  #end: Failure | null = null;
  #sessions = 0;

  constructor(private readonly workshop: Workshop) {}

  get remote(): Remote<WorkerApi> {
    return this.#api() as unknown as Remote<WorkerApi>;
  }

  onDeath(died: (why: string) => void): void {
    this.#died = died;
  }

  async watch(): Promise<void> {
    await this.#turn();
  }

  terminate(): void {
    this.isDead = true;
    this.workshop.waiting = this.workshop.waiting.filter(({ worker }) => worker !== this);
  }

  /** Ends as a killed worker does: without a word. The page learns of it a while later. */
  kill(): void {
    if (this.isDead) return;
    this.workshop.faults += 1;
    this.terminate();
    this.workshop.waiting.push({ worker: this, go: () => this.#died('made by the test') });
  }

  /** Everything under way and everything later fails for this reason. */
  breakDown(code: 'engine_crashed' | 'gpu_lost'): void {
    if (this.isDead) return;
    this.workshop.faults += 1;
    this.#end = failure(code, 'made by the test');
  }

  /** Waits until the test lets it go on. */
  #turn(): Promise<void> {
    if (this.isDead) return new Promise(() => undefined);
    return new Promise((go) => this.workshop.waiting.push({ worker: this, go }));
  }

  #onLab<T>(call: () => T): Promise<T> {
    return this.#queue.run(async () => {
      await this.#turn();
      if (this.#end) throw this.#end;
      return call();
    });
  }

  /** As in `worker.ts`: a call is tied to the session of its time. */
  #ofThisSession<T>(call: (session: FakeSession) => T): () => T {
    const mine = this.#sessions;
    return () => {
      if (mine !== this.#sessions || !this.session) throw failure('run_stopped', 'another session');
      return call(this.session);
    };
  }

  async #open(engine: EngineName): Promise<Opened> {
    await this.#turn();
    if (this.workshop.failingOpenings > 0) {
      this.workshop.failingOpenings -= 1;
      this.workshop.faults += 1;
      throw failure('failed_to_load', 'made by the test');
    }
    if (engine === 'webgpu' && !this.workshop.hasGpu) throw failure('no_adapter', 'made by the test');
    this.engine = engine;
    return { environment: { engine, adapter: engine }, selfCheck: null } as unknown as Opened;
  }

  async #newSession(config: Config, step: number): Promise<number> {
    this.#sessions += 1;
    const mine = this.#sessions;
    do await this.#turn();
    while (this.workshop.areDigitsHeld);
    return this.#onLab(() => {
      if (mine !== this.#sessions) throw failure('run_stopped', 'another session');
      this.session = { config, step };
      return mine;
    });
  }

  #advance(session: FakeSession): Advance | null {
    // What an epoch is measured on may be on its way.
    if (session.step % 2 === 1 && this.workshop.areDigitsHeld) return null;
    const events: Event[] = [];
    if (session.step === 0) events.push(startedEvent());
    if (session.step < STEPS) {
      session.step += 1;
      this.workshop.stepsTaken += 1;
      events.push(stepEvent(session.step, seedOf(session.config)));
      if (session.step % 2 === 0) events.push(epochEvent(session.step / 2));
      if (session.step === STEPS) events.push({ type: 'done', session: 1, comparisons: [], digest: '' });
    }
    return {
      events,
      steps_done: session.step,
      steps_total: STEPS,
      remaining_ms: STEPS - session.step,
      finished: session.step === STEPS,
    };
  }

  #api(): Partial<WorkerApi> {
    return {
      open: (engine) => this.#open(engine),
      loadShown: () => this.#onLab(() => undefined),
      loadFirst: () =>
        this.#onLab(() => {
          this.isFurnished = true;
        }),
      loadRest: () => this.#onLab(() => undefined),
      recipes: () => this.#onLab(() => RECIPES),
      validate: () => this.#onLab(() => []),
      costs: () => this.#onLab(() => ({})),
      complete: (config) => this.#onLab(() => config),
      memory: async () => 1,
      questions: () => this.#onLab(() => []),
      timeSteps: (config) =>
        this.#onLab(() => (this.engine === 'cpu' ? 2 : seedOf(config) % 2 === 0 ? 1 : 3)),
      addOwn: (_, { images }) =>
        this.#onLab(() => {
          this.#sessions += 1;
          this.session = null;
          this.own = images;
          return images.length;
        }),
      start: (config) => this.#newSession(config, 0),
      resume: (config, snapshot) => this.#newSession(config, snapshot[0] ?? 0),
      advance: () => this.#onLab(this.#ofThisSession((session) => this.#advance(session))),
      snapshot: () => this.#onLab(this.#ofThisSession(({ step }) => Uint8Array.of(step))),
      record: () => this.#onLab(this.#ofThisSession(recordOf)),
      stop: () => {
        this.#sessions += 1;
        return this.#onLab(() => {
          this.session = null;
        });
      },
    };
  }
}

export const seedOf = (config: Config | null): number => Number(config?.seed);

function recordOf({ config, step }: FakeSession): RunRecord {
  return {
    digest: `seed ${seedOf(config)}, step ${step}`,
    comparisons: [],
    models: {},
  } as unknown as RunRecord;
}

/** What the record of a config that was trained to its end says. */
export const digestOf = (seed: number): string => `seed ${seed}, step ${STEPS}`;

function startedEvent(): Event {
  const cost = { weights: 1, bytes: 4, multiply_adds: 1 };
  const model = { name: 'solo', cost, tasks: ['digit'], learns_from: [], pretrained: false };
  return {
    type: 'started',
    session: 1,
    digest: '',
    models: [{ ...model, steps: STEPS, epochs: EPOCHS }],
  } as unknown as Event;
}

/** The loss tells the config's seed, so that a chart with another race's steps shows. */
function stepEvent(step: number, seed: number): Event {
  return {
    type: 'step',
    session: 1,
    model: 'solo',
    step,
    epoch: 1,
    loss: { total: seed },
  } as unknown as Event;
}

function epochEvent(epoch: number): Event {
  return { type: 'epoch', session: 1, model: 'solo', measures: { epoch } } as unknown as Event;
}
