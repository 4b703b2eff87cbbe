/**
 * The entropy scan of the test digits: label, the teacher's doubt of each and what else it looks like, taken chunk by chunk
 * in idle time, so that the first digits show at once and the page never waits for all 10,000.
 */

import { toFailure } from '../engine/failure';
import type { Failure } from '../engine/messages';
import { idle } from './idle';
import type { LogitsCache } from './logits-cache';
import type { Models } from './models';
import { entropy, soften } from './softening';
import type { TestDigits } from './test-digits.svelte';

/** Small enough for one chunk to hold the worker for less than a tenth of a second. */
const CHUNK = 200;
/** Digits before the strip is shown: a few hundred are enough to find doubtful ones. */
const FIRST = 2 * CHUNK;

/** How far a scan goes: to what the strip needs, while the engine is wanted for training, or to the end. */
export type Extent = 'first' | 'all';

export class EntropyScan {
  /** Digits scanned so far, counted from the first. */
  known = $state(0);
  failure = $state.raw<Failure | null>(null);
  readonly labels: number[] = [];
  readonly entropies: (number | null)[] = [];
  readonly logProbabilities: (readonly number[] | null)[] = [];
  #run = 0;
  #weights: string | null = null;

  constructor(
    private readonly models: Pick<Models, 'testSet' | 'weightsName'>,
    private readonly digits: TestDigits,
    private readonly logits: LogitsCache,
  ) {}

  /** Whether there are enough digits to show the strip. */
  get usable(): boolean {
    return this.models.testSet.count > 0 && this.known >= this.#end('first');
  }

  get complete(): boolean {
    const { count } = this.models.testSet;
    return count > 0 && this.known >= count;
  }

  /** Goes on where it stopped, or from the start if the teacher's weights are others, until `stop` or all is known. */
  async go(teacher: string | null, extent: Extent): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const weights = teacher === null ? null : this.models.weightsName(teacher);
    if (weights !== this.#weights) this.#forget(weights);
    this.failure = null;
    try {
      while (run === this.#run && this.known < this.#end(extent)) {
        await this.#chunk(teacher, run);
        if (this.known >= FIRST) await idle();
      }
    } catch (thrown) {
      if (run === this.#run) this.failure = toFailure(thrown);
    }
  }

  /** Leaves the engine alone until `go`. */
  stop(): void {
    this.#run += 1;
  }

  #end(extent: Extent): number {
    const { count } = this.models.testSet;
    return extent === 'all' ? count : Math.min(FIRST, count);
  }

  #forget(weights: string | null): void {
    this.#weights = weights;
    this.entropies.length = 0;
    this.logProbabilities.length = 0;
    this.labels.length = 0;
    this.known = 0;
  }

  async #chunk(teacher: string | null, run: number): Promise<void> {
    const from = this.known;
    const to = Math.min(from + CHUNK, this.models.testSet.count);
    const indices = Array.from({ length: to - from }, (_, i) => from + i);
    const [logits] = await Promise.all([
      teacher === null ? null : this.logits.get(teacher, indices),
      this.digits.load(indices),
    ]);
    const digits = await Promise.all(indices.map((index) => this.digits.get(index)));
    if (run !== this.#run) return;
    indices.forEach((_, i) => {
      this.labels.push(digits[i]!.label);
      const targets = logits ? soften(logits[i]!, 1) : null;
      this.entropies.push(targets && entropy(targets));
      this.logProbabilities.push(targets?.logProbabilities ?? null);
    });
    this.known = to;
  }
}
