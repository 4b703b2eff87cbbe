/** The page's one store: brings engine, settings, view and run together. Views read it and call it. */

import { EngineClient } from '../engine/client';
import { failure, toFailure } from '../engine/failure';
import type { Config, Grid, Record as RunRecord } from '../engine/generated/types';
import type { Digit, DigitCount, Failure, Notice, Part, Split } from '../engine/messages';
import { keepForOffline } from '../offline/offline';
import { EngineState } from './engine-state.svelte';
import { Experiment } from './experiment.svelte';
import { parseHash } from './hash';
import { Notices } from './notices.svelte';
import { OwnSets } from './own-sets.svelte';
import type { PageStore, Role, Status, TestSet } from './page-store';
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
  /** Whether a next visit can do without the network. */
  worksOffline = $state(false);
  loaded = $state<'no' | 'loading' | 'yes' | 'failed'>('no');

  constructor(base: string) {
    this.client = new EngineClient(base, {
      notice: (notice) => this.#hear(notice),
      restored: (engine, { environment }) => {
        this.engine.replaced(engine, environment);
        this.#restored();
      },
    });
    this.engine = new EngineState(this.client);
    this.sweep = new Sweep(this.client, base);
    this.experiment = new Experiment(this.client);
    this.own = new OwnSets(this.client, () => this.trainer.reset());
    this.trainer = new Trainer(this.client, {
      modelsChanged: () => {
        this.modelVersion += 1;
      },
      failed: (reason) => this.notices.addFailure(reason, 'run', null),
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
    this.ready = this.#open(hash);
    // The failure is on the page; scripts that await `ready` get it as well.
    this.ready.catch(() => undefined);
    return this.ready;
  }

  async #open(hash: string): Promise<void> {
    const { view, refused } = parseHash(hash);
    this.view = view;
    this.loaded = 'loading';
    this.notices.clearFailures('load');
    try {
      await this.engine.openCpu();
      const first = this.client.call((api) => api.loadFirst());
      // Awaited below; a failure of what can be shown is one of it too.
      first.catch(() => undefined);
      const [settings] = await Promise.all([
        this.experiment.open(hash),
        this.client.call((api) => api.loadShown()),
      ]);
      this.canShow = true;
      await first;
      const all = [...refused, ...settings];
      if (all.length > 0) this.notices.add({ kind: 'refused', refused: all });
    } catch (thrown) {
      this.loaded = 'failed';
      this.notices.addFailure(toFailure(thrown), 'load', () => void this.open(hash));
      throw toFailure(thrown);
    }
    this.loaded = 'yes';
    this.modelVersion += 1;
    // A chosen WebGPU comes before the first race; otherwise the page is alive and the rest follows.
    if (this.view.engine === 'webgpu') await this.chooseEngine('webgpu');
    void this.#follow();
  }

  /** What the page does once it is alive: the remaining digits, then the question of the other engine. */
  async #follow(): Promise<void> {
    await this.loadRest();
    // The comparison of the engines takes both cores of a small machine; a race comes first.
    await this.trainer.ended();
    if (this.engine.running === 'cpu' && !this.engine.changing) await this.chooseEngine(this.view.engine);
    const fetched = await this.client.call((api) => api.fetched());
    this.worksOffline = await keepForOffline(fetched);
  }

  /** Takes the setting of a hash that changed under the open page. */
  async takeHash(hash: string): Promise<void> {
    if (this.loaded !== 'yes') return;
    await this.trainer.reset();
    const { view, refused } = parseHash(hash);
    const engineBefore = this.view.engine;
    this.view = view;
    const settings = await this.experiment.takeHash(hash);
    const all = [...refused, ...settings];
    if (all.length > 0) this.notices.add({ kind: 'refused', refused: all });
    if (view.engine !== engineBefore) await this.chooseEngine(view.engine);
  }

  async loadRest(): Promise<void> {
    this.notices.clearFailures('digits');
    try {
      await this.client.call((api) => api.loadRest());
    } catch (thrown) {
      // The page works with what it has; more digits can be asked for again.
      this.notices.addFailure(toFailure(thrown), 'digits', () => void this.loadRest());
    }
  }

  async chooseEngine(choice: EngineChoice): Promise<void> {
    this.view.engine = choice;
    try {
      await this.engine.choose(choice, this.experiment.config);
      if (this.engine.running === 'webgpu') void this.loadRest();
    } catch (thrown) {
      this.notices.addFailure(toFailure(thrown), 'engine', () => void this.chooseEngine(choice));
    }
  }

  /** Starts a race with the current setting. */
  async start(): Promise<void> {
    this.notices.clearFailures('run');
    const { config } = this.experiment;
    if (!config) return;
    await this.engine.settle(config);
    await this.trainer.start(config);
  }

  /** One step of every model under way; from a standstill it begins a race first. */
  async step(): Promise<void> {
    this.notices.clearFailures('run');
    const { config } = this.experiment;
    if (config) await this.trainer.step(config);
  }

  /** Takes a config, trains it to its end and answers the record. Rejects with a `Failure`. */
  async runConfig(config: Config): Promise<RunRecord> {
    const problems = await this.client.call((api) => api.validate(config));
    if (problems.length > 0) throw { ...failure('config_invalid', 'the config cannot be run'), problems };
    await this.trainer.reset();
    await this.experiment.take(config);
    await this.start();
    await this.trainer.ended();
    const { record, isComplete } = this.run;
    if (this.trainer.failure) throw this.trainer.failure;
    if (!record || !isComplete) throw failure('run_stopped', 'the run ended before its last epoch');
    return record;
  }

  /** Starts a sweep; a race under way pauses, so that both do not share the machine. Rejects with a `Failure`. */
  async startSweep(grid: Grid, engines: number): Promise<void> {
    await this.trainer.pause();
    await this.sweep.start(grid, engines);
  }

  /** Runs every cell of a grid and answers their records. Rejects with a `Failure` when one cannot be run. */
  async runSweep(grid: Grid, engines: number): Promise<readonly SweepLine[]> {
    await this.startSweep(grid, engines);
    await this.sweep.ended();
    if (this.sweep.failure) throw this.sweep.failure;
    const [failed] = this.sweep.failed;
    if (failed) throw failed.reason;
    if (this.sweep.state !== 'finished') throw failure('run_stopped', 'the sweep ended before its last cell');
    return this.sweep.lines;
  }

  /** A model's weights as a safetensors file. */
  weights(model: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = this.#nameInLab(model);
    return this.client.call((api) => api.weights(name));
  }

  /** Takes another recipe; results of a race with other models would not fit it. */
  async chooseRecipe(name: string): Promise<void> {
    await this.trainer.reset();
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
    return this.run.models.some(({ name }) => name === model);
  }

  /** A shipped model never changes, so that what was asked of it once need not be asked again. */
  weightsName(model: string): string | null {
    if (!this.hasWeights(model)) return null;
    const checkpoint = checkpointOf(this.shownConfig, model);
    return checkpoint === null ? `${model} ${this.modelVersion}` : `shipped ${checkpoint}`;
  }

  wrongDigits(model: string): readonly number[] | null {
    return this.run.record?.models[model]?.wrong ?? null;
  }

  digits(split: Split, indices: readonly number[]): Promise<Digit[]> {
    return this.client.call((api) => api.digits(split, [...indices]));
  }

  logits(model: string, split: Split, indices: readonly number[]): Promise<Float32Array> {
    const name = this.#nameInLab(model);
    return this.client.call((api) => api.logits(name, split, [...indices]));
  }

  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array> {
    const name = this.#nameInLab(model);
    return this.client.call((api) => api.logitsOfPixels(name, pixels));
  }

  centre(ink: Uint8Array | Float32Array, width: number, height: number): Promise<Float32Array | null> {
    return this.client.call((api) => api.centre(Float32Array.from(ink), width, height));
  }

  /** A shipped model can be asked before any session holds it, by its checkpoint's name. */
  #nameInLab(model: string): string {
    if (this.run.models.some(({ name }) => name === model)) return model;
    return checkpointOf(this.shownConfig, model) ?? model;
  }

  #hear(notice: Notice): void {
    if (notice.type === 'shaders') this.engine.shaders = notice.compiled;
    else if (notice.type === 'digits') this.digitCount = { train: notice.train, test: notice.test };
    else {
      const { part, loadedBytes, totalBytes } = notice;
      this.downloads = { ...this.downloads, [part]: { loadedBytes, totalBytes } };
    }
  }

  #restored(): void {
    this.trainer.rewind();
    this.modelVersion += 1;
    this.notices.add({ kind: 'restored' });
    void this.loadRest();
  }

  /** Hands a failure to the visitor, for panels whose own work failed. */
  report(reason: Failure): void {
    this.notices.addFailure(reason, 'page', null);
  }
}
