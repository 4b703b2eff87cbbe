/** What travels between the page and the worker that owns the engine. */

import type {
  Advance,
  Cell,
  Config,
  Environment,
  Grid,
  OwnLook,
  Problem,
  Question,
  Recipe,
  Record,
  SelfCheck,
} from './generated/types';
import type { OwnPictures, OwnSplit } from './own-pictures';
import type { Problem as AnyProblem } from './page-failures';
import type { SimdPeak } from './simd-peak';

export type EngineName = 'cpu' | 'webgpu';
export type Split = 'train' | 'test' | OwnSplit;

/** One real digit: 784 grey values, 0 to 255, row by row. */
export interface Digit {
  pixels: Uint8Array;
  label: number;
}

/** Why WebGPU is not what runs; the page has a sentence for each. */
export type EngineReason =
  | 'no_api'
  | 'no_adapter'
  | 'missing_feature'
  | 'failed_check'
  | 'failed_to_load'
  | 'gpu_lost'
  | 'chosen_by_hand'
  | 'small_networks'
  | 'slower_here'
  | 'checking';

/**
 * Every error that crosses the boundary. Beside its stable `code` stand the parameters of that code (`KnownFailure`), which
 * the page words in the reader's language; `message` is English, for scripts and details.
 */
export interface Failure {
  code: string;
  message: string;
  problems: AnyProblem[];
}

/** A part of the page's download. */
export type Part = 'engine' | 'teacher' | 'digits' | 'more_digits' | 'clothes';

/** What the worker tells without being asked. */
export type Notice =
  | { type: 'progress'; part: Part; loadedBytes: number; totalBytes: number }
  | { type: 'digits'; train: number; test: number }
  /** A file that a next visit will need as well. */
  | { type: 'fetched'; address: string }
  /** Shaders that the GPU engine has compiled so far. */
  | { type: 'shaders'; compiled: number };

export interface DigitCount {
  train: number;
  test: number;
}

/** What the page may ask of the worker; calls are answered one after another. */
export interface WorkerApi {
  /** Takes a Web Lock and keeps it for as long as the worker lives; rejects where locks are refused. */
  hold(lock: string): Promise<void>;
  /** Has a helper answer everything that comes through the port, for as long as the worker lives. */
  beat(port: MessagePort): Promise<void>;
  /** Makes the engine; answers what it is. WebGPU is checked against the CPU first. */
  open(engine: EngineName, base: string, notify: (notice: Notice) => void): Promise<Opened>;
  /** Loads the teachers and the first test digits: what can be shown before there is anything to learn on. */
  loadShown(): Promise<void>;
  /** Loads the first digits and the teachers; the remaining sheets follow by `loadRest`. */
  loadFirst(): Promise<void>;
  loadRest(): Promise<void>;
  recipes(): Promise<Recipe[]>;
  validate(config: Config): Promise<Problem[]>;
  complete(config: Config): Promise<Config>;
  /** Takes a set of the visitor's own in place of the one before; answers how many pictures it has. Drops the session. */
  addOwn(split: OwnSplit, pictures: OwnPictures): Promise<number>;
  /** Forgets a set of the visitor's own. Drops the session. */
  removeOwn(split: OwnSplit): Promise<void>;
  /** What a shipped teacher makes of a set of the visitor's own. */
  lookAtOwn(split: OwnSplit): Promise<OwnLook>;
  /** Every experiment of a sweep's grid, each checked. */
  cells(grid: Grid): Promise<Cell[]>;
  /** What the experiments will ask of shipped models; their digits are fetched. */
  questions(configs: readonly Config[]): Promise<Question[]>;
  /** Works answers out, logits of ten a digit, and keeps them. */
  answer(question: Question): Promise<Float32Array>;
  /** Takes answers that another engine of this kind worked out. */
  keepAnswer(question: Question, logits: Float32Array): Promise<void>;
  /** Makes a session; rejects with `run_stopped` when another, or `stop`, is asked for before it stands. */
  start(config: Config): Promise<number>;
  /**
   * Trains on. Null after a short wait while digits that it needs are on their way: ask again. Rejects with `run_stopped`
   * when the session of the time of asking has gone.
   */
  advance(budgetMs: number, maxSteps: number): Promise<Advance | null>;
  /** Milliseconds that one step of every model of a config takes on this engine. */
  timeSteps(config: Config): Promise<number>;
  /** Bytes that the engine's memory has grown to; it never shrinks. */
  memory(): Promise<number>;
  /** How fast one thread of this machine multiplies and adds. */
  simdPeak(): Promise<SimdPeak>;
  snapshot(): Promise<Uint8Array>;
  resume(config: Config, snapshot: Uint8Array): Promise<number>;
  /** Drops the session, and one that is being made. */
  stop(): Promise<void>;
  record(): Promise<Record>;
  /** Fetches digits that are not here yet, as `logits` does. */
  digits(split: Split, indices: readonly number[]): Promise<Digit[]>;
  logits(model: string, split: Split, indices: readonly number[]): Promise<Float32Array>;
  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array>;
  /** Null when there is no ink. */
  centre(ink: Float32Array, width: number, height: number): Promise<Float32Array | null>;
  weights(model: string): Promise<Uint8Array<ArrayBuffer>>;
}

export interface Opened {
  environment: Environment;
  selfCheck: SelfCheck | null;
}
