/**
 * The one contract between the page's store and its panels: what stands, the parts that a panel asks by themselves, and what
 * takes several of them. A panel's code is tested with an object that has what it picks of this.
 */

import type { FirstSteps } from '../engine/first-steps';
import type { Config, Grid, Problem } from '../engine/generated/types';
import type { Digit, Part } from '../engine/messages';
import type { Stepper } from '../engine/stepper';
import type { Costs } from '../model/costs';
import type { DrawnDigit } from '../model/drawn-digit.svelte';
import type { LogitsCache } from '../model/logits-cache';
import type { Models } from '../model/models';
import type { PickedModel } from '../model/picked-model.svelte';
import type { TestDigits } from '../model/test-digits.svelte';
import type { EngineChoice, View } from '../model/view';
import type { Keeping } from '../offline/keeping.svelte';
import type { KeptRun } from '../runs/kept-run';
import type { Runs } from '../runs/runs.svelte';
import type { Cards } from './cards.svelte';
import type { EngineState } from './engine-state.svelte';
import type { Experiment } from './experiment.svelte';
import type { Lessons } from './lessons.svelte';
import type { Notices } from './notices.svelte';
import type { OwnSets } from './own-sets.svelte';
import type { OwnTeacher } from './own-teacher.svelte';
import type { Run } from './run.svelte';
import type { Sweep } from './sweep.svelte';
import type { Trainer, TrainerState } from './trainer.svelte';
import type { Left } from './unfinished.svelte';

/** Where the page's experiment stands: `empty` before anything is asked for, `loading` until it can train. */
export type Status = 'empty' | 'loading' | TrainerState;

export interface Progress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What stands. */
export interface PageState {
  readonly status: Status;
  readonly loaded: 'no' | 'loading' | 'yes' | 'failed';
  readonly downloads: Readonly<Partial<Record<Part, Progress>>>;
  /** True from Start until the race begins to be set up, while a setting is on its way: Stop and Reset end it. */
  readonly starting: boolean;
  /** Whether a sweep runs, or a setting under several seeds: a race would share the machine with it. */
  readonly isSweeping: boolean;
  /** Links taken over so far, the page's own with them. */
  readonly linksTaken: number;
  /** The config of the run on show; before a run, the one being set. */
  readonly shownConfig: Config | null;
  /** What each model of that config takes, by name; nothing while something of it is not allowed. */
  readonly costs: Costs;
  /** Whether models are being measured on the test digits, which have just been opened. */
  readonly isOpeningTest: boolean;
  /** The run under way or shown; an empty one before the first. */
  readonly run: Run;
  /** Writable: what the visitor looks at. */
  readonly view: View;
}

/** The parts of the page. */
export interface PageParts {
  readonly models: Models;
  /** The test digits and what models make of them, each asked once, for all panels. */
  readonly testDigits: TestDigits;
  readonly logits: LogitsCache;
  /** What the visitor has drawn, for the explorer as well. */
  readonly drawn: DrawnDigit;
  /** The model that the visitor has picked among all. */
  readonly picked: PickedModel;
  readonly engine: EngineState;
  /** What is told of the shipped models. */
  readonly cards: Cards;
  readonly experiment: Experiment;
  readonly trainer: Trainer;
  readonly sweep: Sweep;
  /** The setting on show under several seeds. */
  readonly seeds: Sweep;
  readonly own: OwnSets;
  readonly ownTeacher: OwnTeacher;
  readonly lessons: Lessons;
  readonly notices: Notices;
  /** The runs that the browser keeps. */
  readonly runs: Runs;
  /** Whether a next visit can do without the network, and whether there is a new version. */
  readonly keeping: Keeping;
}

/** What the lab says of a config: it with every default, or what is wrong with it. */
export type Judged = { readonly config: Config } | { readonly problems: readonly Problem[] };

/** What takes several parts. Nothing here rejects unless it says so. */
export interface PageActions {
  /** Starts a race with the current setting; does nothing while one is under way. */
  start(): Promise<void>;
  /** One step of every model under way; from a standstill it begins a race first. */
  step(): Promise<void>;
  /** Measures the trained models of a race that has ended on the test digits. */
  openTest(): Promise<void>;
  /** Takes the setting of a hash that changed under the open page; of several in a row the last one. */
  takeHash(hash: string): Promise<void>;
  /** Takes an engine into use; of several choices in a row the last one. */
  chooseEngine(choice: EngineChoice): Promise<void>;
  /** Takes another recipe; results of a race with other models would not fit it. */
  chooseRecipe(name: string): void;
  /** Takes a kept run's config and note in place of the setting, and shows the lab; what is not allowed any more is told. */
  openRun(run: KeptRun): Promise<void>;
  /** A config with every default, or what is not allowed of it. Rejects with a `Failure`. */
  judge(config: Config): Promise<Judged>;
  /** Goes on with a race that an earlier page has left, in place of whatever is on show. */
  goOn(left: Left): Promise<void>;
  /** Lets such a race go for good. */
  letGo(left: Left): void;
  /** First weights and first losses of an experiment, on an engine of its own. Rejects with a `Failure`. */
  firstSteps(config: Config, steps: number): Promise<FirstSteps>;
  /** An engine of its own for single steps on these pictures; whoever asks closes it. Rejects with a `Failure`. */
  openStepper(digits: readonly Digit[]): Promise<Stepper>;
  /** Starts a sweep; a race under way pauses, so that both do not share the machine. Rejects with a `Failure`. */
  startSweep(grid: Grid, engines: number): Promise<AbortSignal>;
  /** Runs the setting on show under so many seeds, measured on validation digits; of the same setting those that are done stay. As `startSweep`. */
  startSeeds(seeds: number): Promise<void>;
}

export interface PageStore extends PageState, PageParts, PageActions {}
