/** The page's one store: brings engine, settings, view and run together. Views read it and call it. */

import { EngineClient } from '../engine/client';
import type { Connection } from '../engine/connection';
import { failure, toFailure } from '../engine/failure';
import type { FirstSteps } from '../engine/first-steps';
import type { Config, Grid, Record as RunRecord } from '../engine/generated/types';
import type { Digit, EngineName, Failure, Notice, Opened } from '../engine/messages';
import type { Stepper } from '../engine/stepper';
import { whileWanted } from '../engine/wanted';
import { type Costs, untimed } from '../model/costs';
import { DrawnDigit } from '../model/drawn-digit.svelte';
import { LogitsCache } from '../model/logits-cache';
import { PickedModel } from '../model/picked-model.svelte';
import { TestDigits } from '../model/test-digits.svelte';
import type { EngineChoice, View } from '../model/view';
import { Keeping } from '../offline/keeping.svelte';
import type { Ending, KeptRun } from '../runs/kept-run';
import { Runs } from '../runs/runs.svelte';
import { sweepKeeper } from '../runs/sweep-database';
import { Cards } from './cards.svelte';
import { endedRun } from './ended-run';
import { EngineState } from './engine-state.svelte';
import { Experiment } from './experiment.svelte';
import { hashOfSettings, parseHash, viewWith } from './hash';
import { Lessons } from './lessons.svelte';
import { Notices } from './notices.svelte';
import { Openings } from './openings.svelte';
import { OwnSets } from './own-sets.svelte';
import { OwnTeacher } from './own-teacher.svelte';
import { PageModels } from './page-models.svelte';
import type { Judged, PageState, PageStore, Status } from './page-store';
import type { Race } from './race';
import type { Goal } from './race-machine';
import type { Run } from './run.svelte';
import { onValidation, Sweep, type SweepLine } from './sweep.svelte';
import { Trainer } from './trainer.svelte';
import { type Left, Unfinished } from './unfinished.svelte';

export class Store implements PageStore {
  readonly client: EngineClient;
  readonly engine: EngineState;
  readonly cards: Cards;
  readonly experiment: Experiment;
  readonly models: PageModels;
  readonly testDigits: TestDigits;
  readonly logits: LogitsCache;
  readonly drawn = new DrawnDigit();
  readonly picked = new PickedModel();
  readonly notices = new Notices();
  readonly openings = new Openings();
  readonly runs = new Runs((why) => this.notices.add({ kind: 'runs_not_kept', why }));
  readonly #unfinished = new Unfinished();
  readonly own: OwnSets;
  readonly ownTeacher: OwnTeacher;
  readonly lessons: Lessons;
  readonly sweep: Sweep;
  readonly seeds: Sweep;
  readonly trainer: Trainer;
  view = $state<View>(parseHash('').view);
  downloads = $state.raw<PageState['downloads']>({});
  /** Resolves when the page can train; a retry after a failure makes a new promise. */
  ready: Promise<void> = Promise.resolve();
  readonly keeping = new Keeping(
    () => this.trainer.state === 'running' || this.isSweeping,
    () => this.notices.add({ kind: 'new_version' }),
  );
  loaded = $state<PageState['loaded']>('no');
  starting = $state(false);
  isOpeningTest = $state(false);
  linksTaken = $state(0);
  /** The last hash that was asked for; one that comes while the page loads is taken when it has. */
  #hash = '';

  /** `connect` starts a worker, and is another's only in tests. */
  constructor(
    private readonly base: string,
    connect?: () => Connection,
  ) {
    const events = {
      notice: (notice: Notice) => this.#hear(notice),
      replaced: (engine: EngineName, { environment }: Opened, why: Failure) => {
        this.engine.replaced(engine, environment, why);
        this.models.version += 1;
        void this.loadRest();
      },
      lost: (reason: Failure) => {
        this.engine.lost();
        this.notices.addFailure(reason, 'engine', () => void this.chooseEngine(this.view.engine));
      },
    };
    this.client = new EngineClient(base, events, connect);
    this.engine = new EngineState(this.client);
    this.cards = new Cards(this.client, this.engine);
    this.sweep = new Sweep(this.client, base, sweepKeeper('sweep'));
    this.seeds = new Sweep(this.client, base, sweepKeeper('seeds'));
    this.lessons = new Lessons({
      begin: (settings) => void this.#takeSettings(hashOfSettings(settings, this.view)),
      set: (settings, all) => {
        const isViewAlone = Object.keys(settings).every((path) => path.startsWith('view.'));
        if (isViewAlone) this.view = viewWith(this.view, settings);
        else void this.#takeSettings(hashOfSettings(all, this.view));
      },
    });
    this.experiment = new Experiment(this.client, () => this.lessons.locks);
    this.own = new OwnSets(this.client, () => this.trainer.reset());
    this.ownTeacher = new OwnTeacher(this.client, this.experiment);
    this.models = new PageModels(this.client, this.own, this);
    this.testDigits = new TestDigits(this.models);
    this.logits = new LogitsCache(this.models);
    this.trainer = new Trainer(this.client, {
      prepare: (config) => this.engine.settle(config),
      modelsChanged: () => {
        this.models.version += 1;
      },
      failed: (reason) => {
        this.notices.addFailure(reason, 'run', null);
        void this.keeping.look();
      },
      kept: (race, snapshot) => this.#unfinished.save(race, this.experiment.recipe?.name ?? null, snapshot),
      rewound: () => this.notices.add({ kind: 'restored' }),
      ended: (race, ending) => {
        this.#unfinished.forget();
        this.#keepRun(race, ending);
      },
    });
  }

  get run(): Run {
    return this.trainer.run;
  }

  get isSweeping(): boolean {
    return this.sweep.state === 'running' || this.seeds.state === 'running';
  }

  get status(): Status {
    if (this.loaded === 'yes') return this.trainer.state;
    return this.loaded === 'no' ? 'empty' : this.loaded;
  }

  get shownConfig(): Config | null {
    return this.trainer.config ?? this.experiment.config;
  }

  get costs(): Costs {
    // While a race is being set up, its config is still the one that is being set.
    return this.run.models.length > 0 ? this.run.costs : untimed(this.experiment.costs);
  }

  /** Opens the engine, loads the first digits and the teacher, takes the setting of the hash. */
  open(hash: string): Promise<void> {
    this.#hash = hash;
    if (this.loaded === 'loading') return this.ready;
    // Another try does not ask again what to begin with, and leaves what the visitor looks at.
    if (this.loaded === 'no') {
      this.view = parseHash(hash).view;
      this.lessons.begin(parseHash(hash));
    }
    this.loaded = 'loading';
    this.ready = this.#open();
    // The failure is on the page; scripts that await `ready` get it as well.
    this.ready.catch(() => undefined);
    return this.ready;
  }

  async #open(): Promise<void> {
    const { recipe, words } = parseHash(this.#hash);
    this.client.recipes = [recipe ?? '', ...words].map((word) => word.toLowerCase());
    this.notices.clearFailures('load');
    let hash = this.#hash;
    try {
      await this.engine.openCpu();
      // A lesson's settings may have come meanwhile.
      hash = this.#hash;
      const first = this.client.call((api) => api.loadFirst());
      // Awaited below; a failure of what can be shown is one of it too.
      first.catch(() => undefined);
      const [refused] = await Promise.all([
        this.experiment.open(hash),
        this.client.call((api) => api.loadShown()),
      ]);
      this.models.canShow = true;
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
    this.models.version += 1;
    if (this.#hash !== hash) {
      await this.#takeExperiment(this.#hash);
      this.linksTaken += 1;
    }
    // A chosen WebGPU comes before the first race; otherwise the page is alive and the rest follows.
    if (this.view.engine === 'webgpu' && this.engine.running === 'cpu') await this.chooseEngine('webgpu');
    void this.#offerLeft();
    void this.#restoreSweeps();
    void this.#follow();
  }

  /** A race that an earlier page left under way is gone on with at a press, and not before. */
  async #offerLeft(): Promise<void> {
    const left = await this.#unfinished.left();
    if (left) this.notices.add({ kind: 'unfinished', left });
  }

  /** What the page does once it is alive: the remaining digits, then the question of the other engine. Never rejects. */
  async #follow(): Promise<void> {
    await this.loadRest();
    // The comparison of the engines takes both cores of a small machine; a race comes first.
    await this.trainer.atRest();
    if (this.engine.running === 'cpu' && !this.engine.changing) await this.chooseEngine(this.view.engine);
    await this.keeping.begin();
  }

  /** What earlier visits have left of sweeps. */
  async #restoreSweeps(): Promise<void> {
    const version = this.engine.environment?.crate_version ?? '';
    await Promise.all([this.sweep.restore(version), this.seeds.restore(version)]);
  }

  takeHash(hash: string): Promise<void> {
    this.lessons.take(parseHash(hash));
    return this.#takeSettings(hash);
  }

  async #takeSettings(hash: string): Promise<void> {
    this.#hash = hash;
    const engineBefore = this.view.engine;
    this.view = parseHash(hash).view;
    // The page takes the rest as soon as it has loaded, or when it is tried again; what is looked at is the visitor's from here on.
    if (this.loaded !== 'yes') return;
    await this.#takeExperiment(hash);
    if (this.view.engine !== engineBefore) await this.chooseEngine(this.view.engine);
    this.linksTaken += 1;
  }

  async #takeExperiment(hash: string): Promise<void> {
    this.trainer.reset();
    this.#leaveSource();
    try {
      this.notices.setRefused(await this.experiment.takeHash(hash));
    } catch (thrown) {
      const reason = toFailure(thrown);
      if (reason.code !== 'overtaken') this.notices.addFailure(reason, 'page', null);
    }
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

  async step(): Promise<void> {
    if (this.trainer.canStart) await this.start('stepping');
    else this.trainer.step();
  }

  async openTest(): Promise<void> {
    if (this.isOpeningTest) return;
    this.isOpeningTest = true;
    this.notices.clearFailures('run');
    try {
      const opened = await this.trainer.openTest(this.openings.count);
      if (opened !== null) this.openings.take(opened);
    } catch (thrown) {
      const reason = toFailure(thrown);
      // Reset, or another race, came before the answer.
      if (reason.code !== 'run_stopped') this.notices.addFailure(reason, 'run', null);
    } finally {
      this.isOpeningTest = false;
    }
  }

  /** Takes a config in place of the one on show and answers it with every default; a race ends. Rejects with a `Failure`. */
  takeConfig(config: Config): Promise<Config> {
    return this.#replace(config, (complete) => complete);
  }

  /**
   * Takes a config, trains it to its end and answers the record of that very race, however many others are asked for: those
   * end it, and it rejects with `run_stopped`. Rejects with a `Failure`.
   */
  runConfig(config: Config): Promise<RunRecord> {
    return this.#replace(config, (complete) => {
      const race = this.trainer.start(complete);
      if (!race) throw failure('run_stopped', 'another race began first');
      return race.record;
    });
  }

  /** Rejects with `run_stopped` when another act comes before `next`. */
  async #replace<Answer>(
    config: Config,
    next: (complete: Config) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    // A race that is on goes on until it is known that this one can take its place.
    const asked = this.trainer.turn();
    const problems = await this.client.call((api) => api.validate(config), asked);
    if (problems.length > 0) throw { ...failure('config_invalid', 'the config cannot be run'), problems };
    const turn = this.trainer.reset();
    this.notices.clearFailures('run');
    return next(await whileWanted(turn, this.experiment.take(config)));
  }

  async firstSteps(config: Config, steps: number): Promise<FirstSteps> {
    const { firstSteps } = await import('../engine/first-steps');
    return firstSteps(this.base, config, steps, this.client);
  }

  async openStepper(digits: readonly Digit[]): Promise<Stepper> {
    const { Stepper } = await import('../engine/stepper');
    return Stepper.open(this.base, this.client, digits);
  }

  async startSweep(grid: Grid, engines: number): Promise<AbortSignal> {
    this.trainer.pause();
    await this.seeds.stop();
    return this.sweep.start(grid, engines);
  }

  async startSeeds(seeds: number): Promise<void> {
    const { config } = this.experiment;
    if (!config) return;
    this.trainer.pause();
    await this.sweep.stop();
    await this.seeds.start({ config: onValidation(config), fields: {}, seeds }, Sweep.suggestedEngines, true);
  }

  /** Runs every cell of a grid and answers their records. Rejects with a `Failure` when one cannot be run. */
  async runSweep(grid: Grid, engines: number): Promise<readonly SweepLine[]> {
    return this.sweep.linesOf(await this.startSweep(grid, engines));
  }

  chooseRecipe(name: string): void {
    this.trainer.reset();
    this.#leaveSource();
    this.experiment.choose(name);
    this.models.version += 1;
  }

  async openRun(run: KeptRun): Promise<void> {
    this.view.page = 'lab';
    const { config, recipe, note } = run;
    try {
      const judged = await this.judge(config);
      if ('problems' in judged)
        throw { ...failure('config_invalid', 'the config of the run is not allowed any more'), ...judged };
      this.trainer.reset();
      this.#leaveSource();
      await this.experiment.take(config, recipe);
      this.runs.source = run;
      this.runs.nextNote = note;
      this.models.version += 1;
    } catch (thrown) {
      this.notices.addFailure(toFailure(thrown), 'page', null);
    }
  }

  async goOn(left: Left): Promise<void> {
    const turn = this.trainer.reset();
    this.#leaveSource();
    this.notices.clearFailures('run');
    try {
      const config = await whileWanted(turn, this.experiment.take(left.config, left.recipe));
      this.trainer.start(config, 'running', left);
      this.models.version += 1;
      this.letGo(left);
    } catch (thrown) {
      const reason = toFailure(thrown);
      if (reason.code !== 'run_stopped') this.notices.addFailure(reason, 'run', null);
    }
  }

  letGo(left: Left): void {
    void this.#unfinished.letGo(left);
  }

  async judge(config: Config): Promise<Judged> {
    // A page that opens on its runs may be asked before there is an engine.
    await this.ready;
    const problems = await this.client.call((api) => api.validate(config));
    if (problems.length > 0) return { problems };
    return { config: await this.client.call((api) => api.complete(config)) };
  }

  /** The setting becomes another: no model of it is picked, and it is no kept run's. */
  #leaveSource(): void {
    this.picked.name = null;
    this.runs.source = null;
  }

  #keepRun(race: Race, ending: Ending): void {
    const { recipe, recipes } = this.experiment;
    const ended = endedRun(race, ending, { recipe, recipes, environment: this.engine.environment });
    if (ended) void this.runs.keep(race, ended);
  }

  #hear(notice: Notice): void {
    if (notice.type === 'fetched') this.keeping.note(notice.address);
    else if (notice.type === 'shaders') this.engine.shaders = notice.compiled;
    else if (notice.type === 'digits') {
      const { train, test, fashion_test } = notice;
      this.models.digitCount = { train, test, fashion_test };
    } else {
      const { part, loadedBytes, totalBytes } = notice;
      this.downloads = { ...this.downloads, [part]: { loadedBytes, totalBytes } };
    }
  }
}
