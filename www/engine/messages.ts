/** What travels between the page and the worker that owns the engine. */

import type { Advance, Environment, SelfCheck } from './generated/types';
import type { DigitCount, EngineName, Lab, OwnSplit } from './lab';
import type { OwnPictures } from './own-pictures';
import type { OwnTeacher } from './own-teacher';
import type { Problem as AnyProblem } from './page-failures';
import type { SimdPeak } from './simd-peak';

export type { DigitCount, EngineName } from './lab';

/** The pictures that the page shows. */
export type Split = 'train' | 'test' | 'fashion' | 'fashion_test' | OwnSplit;

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
  | ({ type: 'digits' } & DigitCount)
  /** A file that a next visit will need as well. */
  | { type: 'fetched'; address: string }
  /** Shaders that the GPU engine has compiled so far. */
  | { type: 'shaders'; compiled: number };

/**
 * What the worker does beyond the lab, or otherwise than the lab does it; a call of the lab's that stands here is not passed
 * through.
 */
export interface Beyond {
  /** Takes a Web Lock and keeps it for as long as the worker lives; rejects where locks are refused. */
  hold(lock: string): Promise<void>;
  /** Has a helper answer everything that comes through the port, for as long as the worker lives. */
  beat(port: MessagePort): Promise<void>;
  /**
   * Makes the engine; answers what it is. WebGPU is checked against the CPU first. The teachers that come first are those of
   * the first of `recipes` that there is, else of the first recipe.
   */
  open(
    engine: EngineName,
    base: string,
    recipes: readonly string[],
    notify: (notice: Notice) => void,
  ): Promise<Opened>;
  /** Loads the teachers and the first test digits: what can be shown before there is anything to learn on. */
  loadShown(): Promise<void>;
  /** Loads the first digits and the teachers; the remaining sheets follow by `loadRest`. */
  loadFirst(): Promise<void>;
  loadRest(): Promise<void>;
  /** Takes a set of the visitor's own in place of the one before; answers how many pictures it has. Drops the session. */
  addOwn(split: OwnSplit, pictures: OwnPictures): Promise<number>;
  /** Takes a teacher of the visitor's own beside the shipped ones. */
  addOwnTeacher(teacher: OwnTeacher): Promise<void>;
  /**
   * Trains on. Null after a short wait while digits that it needs are on their way: ask again. Rejects with `run_stopped`
   * when the session of the time of asking has gone.
   */
  advance(budgetMs: number, maxSteps: number): Promise<Advance | null>;
  /** Bytes that the engine's memory has grown to; it never shrinks. */
  memory(): Promise<number>;
  /** How fast one thread of this machine multiplies and adds. */
  simdPeak(): Promise<SimdPeak>;
  /** Fetches digits that are not here yet, as `logits` does. */
  digits(split: Split, indices: readonly number[]): Promise<Digit[]>;
}

/** Calls of the lab that only the worker makes. */
type OfTheWorker =
  | ('free' | 'info' | 'selfCheck' | 'rehearse')
  | ('manifest' | 'addSheet' | 'tellTeachers' | 'addTeacher' | 'addLogits' | 'digitCount' | 'digit');

type Asynchronous<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...given: infer Given) => infer Answer
    ? (...given: Given) => Promise<Awaited<Answer>>
    : never;
};

/** The lab's own calls: whatever it has and the page may ask for. */
export type LabCalls = Asynchronous<Pick<Lab, Exclude<keyof Lab & string, OfTheWorker | keyof Beyond>>>;

/** What the page may ask of the worker; calls are answered one after another. */
export type WorkerApi = LabCalls & Beyond;

export interface Opened {
  environment: Environment;
  selfCheck: SelfCheck | null;
}
