/**
 * Errors of models on distorted digits, strength by strength, so that all lines grow together. What was measured of the
 * same weights is kept; chunks leave the engine to others in between.
 */

import { toFailure } from '../../engine/failure';
import type { Distortion } from '../../engine/generated/types';
import type { Failure } from '../../engine/messages';
import { idle } from '../../model/idle';
import type { Models } from '../../model/models';
import { CLASSES, firstChoice } from '../../model/softening';
import type { TestDigits } from '../../model/test-digits.svelte';

/** Small enough for one chunk to hold the worker for less than a tenth of a second. */
const CHUNK = 200;
/** Digits that every strength is measured on, the first of the test set. */
export const MEASURED = 1_000;
/** Of directions and noise: every model gets the same. */
export const SEED = 1;

type Source = Pick<Models, 'logitsOfDistorted' | 'testSet' | 'weightsName'>;

export interface Asked {
  readonly models: readonly string[];
  readonly by: Distortion;
  readonly strengths: readonly number[];
}

export class DistortionScan {
  /** Errors by model, strength by strength, as far as they are measured. */
  errors = $state.raw<ReadonlyMap<string, readonly number[]>>(new Map());
  /** Digits that each strength is measured on. */
  measured = $state(0);
  /** Measurements of a model at a strength: done, and to be done in all. */
  done = $state(0);
  total = $state(0);
  isRunning = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly #kept = new Map<string, number>();
  #run = 0;

  constructor(
    private readonly models: Source,
    private readonly digits: TestDigits,
  ) {}

  /** Measures what is missing, until `stop`. */
  async go({ models, by, strengths }: Asked): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const { name, count } = this.models.testSet;
    this.failure = null;
    this.isRunning = true;
    this.errors = new Map();
    this.measured = Math.min(MEASURED, count);
    this.total = models.length * strengths.length;
    this.done = 0;
    try {
      for (const strength of strengths) {
        for (const model of models) {
          const key = `${this.models.weightsName(model)} of ${model} on ${name} ${this.measured} ${by} ${strength}`;
          const errors = this.#kept.get(key) ?? (await this.#errorsOf(model, by, strength, run));
          if (run !== this.#run || errors === null) return;
          this.#kept.set(key, errors);
          this.errors = new Map([...this.errors, [model, [...(this.errors.get(model) ?? []), errors]]]);
          this.done += 1;
        }
      }
    } catch (thrown) {
      if (run === this.#run) this.failure = toFailure(thrown);
    }
    if (run === this.#run) this.isRunning = false;
  }

  /** Leaves the engine alone; what is measured stays. */
  stop(): void {
    this.#run += 1;
    this.isRunning = false;
  }

  /** Null when it was stopped meanwhile. */
  async #errorsOf(model: string, by: Distortion, strength: number, run: number): Promise<number | null> {
    const { split } = this.models.testSet;
    let errors = 0;
    for (let from = 0; from < this.measured; from += CHUNK) {
      const length = Math.min(CHUNK, this.measured - from);
      const indices = Array.from({ length }, (_, i) => from + i);
      const [logits] = await Promise.all([
        this.models.logitsOfDistorted(model, split, indices, { by, strength, seed: SEED }),
        this.digits.load(indices),
      ]);
      const labels = await Promise.all(indices.map(async (index) => (await this.digits.get(index)).label));
      if (run !== this.#run) return null;
      labels.forEach((label, i) => {
        const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
        if (firstChoice(row) !== label) errors += 1;
      });
      await idle();
    }
    return run === this.#run ? errors : null;
  }
}
