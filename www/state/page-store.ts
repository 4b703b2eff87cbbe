/** What panels may ask of the page's one store. A panel is tested with an object of this shape. */

import type { Digit, Split } from '../engine/messages';
import type { View } from '../model/view';

/** Where the page's experiment stands. */
export type Status = 'empty' | 'loading' | 'ready' | 'running' | 'paused' | 'finished' | 'failed';

/** What a model is in the race; each role has one colour everywhere, see theme.css. */
export type Role = 'teacher' | 'student' | 'control';

/** The pictures that models are tested on. */
export interface TestSet {
  readonly split: Split;
  /** Another name, other pictures. */
  readonly name: string;
  /** How many are loaded so far, from the first on. */
  readonly count: number;
}

export interface PageStore {
  /** `empty` before anything is asked for, `loading` until the first digits and the teacher are here. */
  readonly status: Status;
  /** Names of the config's models that tell the ten digits, in its order. */
  readonly modelNames: readonly string[];
  /** Whether shipped teachers can be asked about the first test digits. */
  readonly canShow: boolean;
  /** Rises whenever models have changed: after every epoch, at a start and at a reset. */
  readonly modelVersion: number;
  /** Digits that are loaded so far; rises while sheets arrive. */
  readonly digitCount: { readonly train: number; readonly test: number };
  /** The pictures to look at and to compare models on: the test digits, or the visitor's own in their place. */
  readonly testSet: TestSet;
  /** Writable: the slider, the axis, the chosen digit, the order. */
  readonly view: View;
  roleOf(model: string): Role;
  /** Whether the model has weights to be asked: shipped ones always, others once a race has begun. */
  hasWeights(model: string): boolean;
  /** Whether the model was stopped because its training failed: its weights say nothing of a digit. */
  wasStopped(model: string): boolean;
  /** Names the weights a model has now: equal names, equal weights; null while it has none. */
  weightsName(model: string): string | null;
  /** Digits in the order of the indices. Rejects with a `Failure`. */
  digits(split: Split, indices: readonly number[]): Promise<Digit[]>;
  /** Logits, 10 a digit, in the order of the indices. Rejects with a `Failure`. */
  logits(model: string, split: Split, indices: readonly number[]): Promise<Float32Array>;
  /** Logits of one drawn digit: 784 values of 0 to 1. Rejects with a `Failure`. */
  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array>;
  /** A drawing (grey, 0 to 255, white ink on black) made like MNIST: 784 values of 0 to 1; null without ink. */
  centre(ink: Uint8Array | Float32Array, width: number, height: number): Promise<Float32Array | null>;
  /** Places, among the pictures it was measured on, of those that the finished race's model gets wrong, rising; null before the end. */
  wrongDigits(model: string): readonly number[] | null;
}
