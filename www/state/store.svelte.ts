/** The page's one store: brings engine, settings, view and run together. Views read it and call it. */

import { EngineClient } from '../engine/client';
import type { Connection } from '../engine/connection';
import { failure, toFailure } from '../engine/failure';
import type { Config, Grid, Record as RunRecord } from '../engine/generated/types';
import type { Digit, DigitCount, EngineName, Failure, Notice, Opened, Part, Split } from '../engine/messages';
import { whileWanted } from '../engine/wanted';
import { Keeping } from '../offline/keeping.svelte';
import { asInteger } from './arguments';
import { EngineState } from './engine-state.svelte';
import { Experiment } from './experiment.svelte';
import { parseHash } from './hash';
import { Notices } from './notices.svelte';
import { own } from './own';
import { OwnSets } from './own-sets.svelte';
import type { PageStore, Role, Status, TestSet } from './page-store';
import type { Goal } from './race-machine';
import { checkpointOf, roleOf, tasksOf } from './roles';
import type { Run } from './run.svelte';
import { Sweep, type SweepLine } from './sweep.svelte';
import { Trainer } from './trainer.svelte';
import type { EngineChoice, View } from './view';

export interface Progress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export class Store implements PageStore {
  readonly client: EngineClient;
  readonly engine: EngineState;
  readonly experiment: Experiment;
  readonly notices = new Notices();
  readonly own: OwnSets;
  readonly sweep: Sweep;
  readonly trainer: Trainer;
  view = $state<View>(parseHash('').view);
  digitCount = $state.raw<DigitCount>({ train: 0, test: 0 });
  downloads = $state.raw<Partial<Record<Part, Progress>>>({});
  canShow = $state(false);
  modelVersion = $state(0);
  /** Resolves when the page can train; a retry after a failure makes a new promise. */
  ready: Promise<void> = Promise.resolve();
  /** Whether a next visit can do without the network, and whether there is a new version. */
  readonly keeping = new Keeping(
    () => this.trainer.state === 'running' || this.sweep.state === 'running',
    () => this.notices.add({ kind: 'new_version' }),
  );
  loaded = $state<'no' | 'loading' | 'yes' | 'failed'>('no');
  /** True from Start until the race begins to be set up, while a setting is on its way: Stop and Reset end it. */
  starting = $state(false);
  /** Links taken over so far, the page's own with them. */
  linksTaken = $state(0);
  /** The last hash that was asked for; one that comes while the page loads is taken when it has. */
  #hash = '';

  /** `connect` starts a worker, and is another's only in tests. */
  constructor(base: string, connect?: () => Connection) {
    const events = {
      notice: (notice: Notice) => this.#hear(notice),
      replaced: (engine: EngineName, { environment }: Opened, why: Failure) => {
        this.engine.replaced(engine, environment, why);
        this.modelVersion += 1;
        void this.loadRest();
      },
      lost: (reason: Failure) => {
        this.engine.lost();
        this.notices.addFailure(reason, 'engine', () => void this.chooseEngine(this.view.engine));
      },
    };
    this.client = new EngineClient(base, events, connect);
    this.engine = new EngineState(this.client);
    this.sweep = new Sweep(this.client, base);
    this.experiment = new Experiment(this.client);
    this.own = new OwnSets(this.client, () => this.trainer.reset());
    this.trainer = new Trainer(this.client, {
      prepare: (config) => this.engine.settle(config),
      modelsChanged: () => {
        this.modelVersion += 1;
      },
      failed: (reason) => {
        this.notices.addFailure(reason, 'run', null);
        void this.keeping.look();
      },
      rewound: () => this.notices.add({ kind: 'restored' }),
    });
  }

  get run(): Run {
    return this.trainer.run;
  }

  get status(): Status {
    if (this.loaded === 'no') return 'empty';
    if (this.loaded === 'loading') return 'loading';
    if (this.loaded === 'failed') return 'failed';
    return this.trainer.state;
  }

  get modelNames(): readonly string[] {
    const models = Object.entries(this.shownConfig?.models ?? {});
    return models.filter(([, model]) => tasksOf(model).includes('digit')).map(([name]) => name);
  }

  /** The config of the run on show; before a run, the one being set. */
  get shownConfig(): Config | null {
    return this.trainer.config ?? this.experiment.config;
  }

  /** Opens the engine, loads the first digits and the teacher, takes the setting of the hash. */
  open(hash: string): Promise<void> {
    this.#hash = hash;
    if (this.loaded === 'loading') return this.ready;
    this.loaded = 'loading';
    this.ready = this.#open();
    // The failure is on the page; scripts that await `ready` get it as well.
    this.ready.catch(() => undefined);
    return this.ready;
  }

  async #open(): Promise<void> {
    const hash = this.#hash;
    this.view = parseHash(hash).view;
    this.notices.clearFailures('load');
    try {
      await this.engine.openCpu();
      const first = this.client.call((api) => api.loadFirst());
      // Awaited below; a failure of what can be shown is one of it too.
      first.catch(() => undefined);
      const [refused] = await Promise.all([
        this.experiment.open(hash),
        this.client.call((api) => api.loadShown()),
      ]);
      this.canShow = true;
      await first;
      this.notices.setRefused(refused);
    } catch (thrown) {
      this.loaded = 'failed';
      void this.keeping.look();
      this.notices.addFailure(toFailure(thrown), 'load', () => void this.open(this.#hash));
      throw toFailure(thrown);
    }
    this.loaded = 'yes';
    this.linksTaken += 1;
    this.modelVersion += 1;
    if (this.#hash !== hash) await this.takeHash(this.#hash);
    // A chosen WebGPU comes before the first race; otherwise the page is alive and the rest follows.
    if (this.view.engine === 'webgpu' && this.engine.running === 'cpu') await this.chooseEngine('webgpu');
    void this.#follow();
  }

  /** What the page does once it is alive: the remaining digits, then the question of the other engine. Never rejects. */
  async #follow(): Promise<void> {
    await this.loadRest();
    // The comparison of the engines takes both cores of a small machine; a race comes first.
    await this.trainer.atRest();
    if (this.engine.running === 'cpu' && !this.engine.changing) await this.chooseEngine(this.view.engine);
    await this.keeping.begin();
  }

  /** Takes the setting of a hash that changed under the open page; of several in a row the last one. Never rejects. */
  async takeHash(hash: string): Promise<void> {
    this.#hash = hash;
    const engineBefore = this.view.engine;
    this.view = parseHash(hash).view;
    // The page takes it as soon as it has loaded, or when it is tried again.
    if (this.loaded !== 'yes') return;
    this.trainer.reset();
    try {
      this.notices.setRefused(await this.experiment.takeHash(hash));
    } catch (thrown) {
      const reason = toFailure(thrown);
      if (reason.code !== 'overtaken') this.report(reason);
    }
    if (this.view.engine !== engineBefore) await this.chooseEngine(this.view.engine);
    this.linksTaken += 1;
  }

  async loadRest(): Promise<void> {
    this.notices.clearFailures('digits');
    try {
      await this.client.call((api) => api.loadRest());
    } catch (thrown) {
      // The page works with what it has; more digits can be asked for again.
      this.notices.addFailure(toFailure(thrown), 'digits', () => void this.loadRest());
      void this.keeping.look();
    }
  }

  /** Takes an engine into use; of several choices in a row the last one. Never rejects. */
  async chooseEngine(choice: EngineChoice): Promise<void> {
    this.view.engine = choice;
    this.notices.clearFailures('engine');
    try {
      await this.engine.choose(choice, this.experiment.config);
      if (this.engine.running === 'webgpu') void this.loadRest();
      if (this.engine.reason === 'failed_to_load') void this.keeping.look();
    } catch (thrown) {
      this.notices.addFailure(toFailure(thrown), 'engine', () => void this.chooseEngine(choice));
    }
  }

  /** Starts a race with the current setting; does nothing while one is under way. Never rejects. */
  async start(goal: Goal = 'running'): Promise<void> {
    if (this.loaded !== 'yes' || !this.trainer.canStart) return;
    const turn = this.trainer.turn();
    this.notices.clearFailures('run');
    this.starting = true;
    turn.addEventListener('abort', () => {
      this.starting = false;
    });
    // A setting that is on its way is the one that was asked for last.
    await this.experiment.settled();
    if (turn.aborted) return;
    this.starting = false;
    const { config, isRunnable } = this.experiment;
    if (config && isRunnable) this.trainer.start(config, goal);
  }

  /** One step of every model under way; from a standstill it begins a race first. */
  async step(): Promise<void> {
    if (this.trainer.canStart) await this.start('stepping');
    else this.trainer.step();
  }

  /**
   * Takes a config, trains it to its end and answers the record of that very race, however many others are asked for: those
   * end it, and it rejects with `run_stopped`. Rejects with a `Failure`.
   */
  async runConfig(config: Config): Promise<RunRecord> {
    // A race that is on goes on until it is known that this one can take its place.
    const asked = this.trainer.turn();
    const problems = await this.client.call((api) => api.validate(config), asked);
    if (problems.length > 0) throw { ...failure('config_invalid', 'the config cannot be run'), problems };
    const turn = this.trainer.reset();
    this.notices.clearFailures('run');
    const complete = await whileWanted(turn, this.experiment.take(config));
    const race = this.trainer.start(complete);
    if (!race) throw failure('run_stopped', 'another race began first');
    return race.record;
  }

  /** Starts a sweep; a race under way pauses, so that both do not share the machine. Rejects with a `Failure`. */
  startSweep(grid: Grid, engines: number): Promise<AbortSignal> {
    this.trainer.pause();
    return this.sweep.start(grid, engines);
  }

  /** Runs every cell of a grid and answers their records. Rejects with a `Failure` when one cannot be run. */
  async runSweep(grid: Grid, engines: number): Promise<readonly SweepLine[]> {
    return this.sweep.linesOf(await this.startSweep(grid, engines));
  }

  /** A model's weights as a safetensors file. */
  weights(model: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = this.#nameInLab(model);
    return this.client.call((api) => api.weights(name));
  }

  /** Takes another recipe; results of a race with other models would not fit it. */
  chooseRecipe(name: string): void {
    this.trainer.reset();
    this.experiment.choose(name);
    this.modelVersion += 1;
  }

  /** The pictures that the shown config is tested on: the visitor's own, where it says so and they are here. */
  get testSet(): TestSet {
    const own = this.own.of('own_test');
    if (this.shownConfig?.data?.set !== 'own' || own.count === 0) {
      return { split: 'test', name: 'test', count: this.digitCount.test };
    }
    return { split: 'own_test', name: `own_test ${own.version}`, count: own.count };
  }

  roleOf(model: string): Role {
    return roleOf(this.shownConfig, model);
  }

  hasWeights(model: string): boolean {
    if (!this.canShow) return false;
    if (checkpointOf(this.shownConfig, model) !== null) return true;
    return this.run.models.some(({ name }) => name === model) && !this.wasStopped(model);
  }

  wasStopped(model: string): boolean {
    return this.run.stoppedBy(model) !== null;
  }

  /** A shipped model never changes, so that what was asked of it once need not be asked again. */
  weightsName(model: string): string | null {
    if (!this.hasWeights(model)) return null;
    const checkpoint = checkpointOf(this.shownConfig, model);
    return checkpoint === null ? `${model} ${this.modelVersion}` : `shipped ${checkpoint}`;
  }

  wrongDigits(model: string): readonly number[] | null {
    return own(this.run.record?.models, model)?.wrong ?? null;
  }

  async digits(split: Split, indices: readonly number[]): Promise<Digit[]> {
    const checked = this.#checked(split, indices);
    return this.client.call((api) => api.digits(split, checked));
  }

  async logits(model: string, split: Split, indices: readonly number[]): Promise<Float32Array> {
    const checked = this.#checked(split, indices);
    const name = this.#nameInLab(model);
    return this.client.call((api) => api.logits(name, split, checked));
  }

  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array> {
    const name = this.#nameInLab(model);
    return this.client.call((api) => api.logitsOfPixels(name, pixels));
  }

  async centre(ink: Uint8Array | Float32Array, width: number, height: number): Promise<Float32Array | null> {
    const centred = await this.client.call((api) => api.centre(Float32Array.from(ink), width, height));
    return centred ?? null;
  }

  /** A shipped model can be asked before any session holds it, by its checkpoint's name. */
  #nameInLab(model: string): string {
    if (this.run.models.some(({ name }) => name === model)) return model;
    return checkpointOf(this.shownConfig, model) ?? model;
  }

  /** Indices of digits, loaded or not yet; one that no digit can have is refused by name. */
  #checked(split: Split, indices: readonly number[]): number[] {
    const counts: Readonly<Record<Split, number>> = {
      train: 60_000,
      test: 10_000,
      own: this.own.of('own').count,
      own_test: this.own.of('own_test').count,
    };
    return indices.map((index) => asInteger('digit', index, 0, Math.max(0, counts[split] - 1)));
  }

  #hear(notice: Notice): void {
    if (notice.type === 'fetched') this.keeping.note(notice.address);
    else if (notice.type === 'shaders') this.engine.shaders = notice.compiled;
    else if (notice.type === 'digits') this.digitCount = { train: notice.train, test: notice.test };
    else {
      const { part, loadedBytes, totalBytes } = notice;
      this.downloads = { ...this.downloads, [part]: { loadedBytes, totalBytes } };
    }
  }

  /** Hands a failure to the visitor, for panels whose own work failed. */
  report(reason: Failure): void {
    this.notices.addFailure(reason, 'page', null);
  }
}
