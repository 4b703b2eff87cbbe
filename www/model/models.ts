/** What can be asked of the page's models, and the pictures they are asked about. A cache is tested with an object of this shape. */

import type { Compressed, Compression, Config, Distorted, Example } from '../engine/generated/types';
import type { Digit, DigitCount, Split } from '../engine/messages';

/** The pictures that models are tested on. */
export interface TestSet {
  readonly split: Split;
  /** Another name, other pictures. */
  readonly name: string;
  /** How many are loaded so far, from the first on. */
  readonly count: number;
}

export interface Models {
  /** Rises whenever models have changed: after every epoch, at a start and at a reset. */
  readonly version: number;
  /** Whether shipped teachers can be asked about the first test digits. */
  readonly canShow: boolean;
  /** Digits that are loaded so far; rises while sheets arrive. */
  readonly digitCount: Readonly<DigitCount>;
  /** The pictures to look at and to compare models on: the test digits, or the visitor's own in their place. */
  readonly testSet: TestSet;
  /** Whether the model has weights to be asked: shipped ones always, others once a race has begun. */
  hasWeights(model: string): boolean;
  /** Names the weights a model has now: equal names, equal weights; null while it has none. */
  weightsName(model: string): string | null;
  /** Digits in the order of the indices. Rejects with a `Failure`. */
  digits(split: Split, indices: readonly number[]): Promise<Digit[]>;
  /** Logits, 10 a digit, in the order of the indices. Rejects with a `Failure`. */
  logits(model: string, split: Split, indices: readonly number[]): Promise<Float32Array>;
  /** Logits of digits that are distorted first. Rejects with a `Failure`. */
  logitsOfDistorted(
    model: string,
    split: Split,
    indices: readonly number[],
    how: Distorted,
  ): Promise<Float32Array>;
  /** Digits as a distortion leaves them: 784 values of 0 to 1 each. Rejects with a `Failure`. */
  distorted(split: Split, indices: readonly number[], how: Distorted): Promise<Float32Array>;
  /** The first digits that a model of a valid config learns from, as it sees them in its first epoch. Rejects with a `Failure`. */
  examples(config: Config, model: string, most: number): Promise<Example[]>;
  /** Logits of one drawn digit: 784 values of 0 to 1. Rejects with a `Failure`. */
  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array>;
  /** A drawing (grey, 0 to 255, white ink on black) made like MNIST: 784 values of 0 to 1; null without ink. */
  centre(ink: Uint8Array | Float32Array, width: number, height: number): Promise<Float32Array | null>;
  /**
   * What a model of the run would be if its weights were held to these as well, and it had so many of its layers; null: all.
   * Rejects with a `Failure`.
   */
  compressed(model: string, ways: readonly Compression[], depth: number | null): Promise<Compressed>;
  /** A model's weights as a safetensors file. Rejects with a `Failure`. */
  weights(model: string): Promise<Uint8Array<ArrayBuffer>>;
}
