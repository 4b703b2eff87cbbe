/** Finds the digits of the test set on which two trained models differ, chunk by chunk in idle time. */

import { toFailure } from '../../engine/failure';
import type { Failure } from '../../engine/messages';
import { idle } from '../../model/idle';
import type { LogitsCache } from '../../model/logits-cache';
import { firstChoice } from '../../model/softening';
import type { TestDigits } from '../../model/test-digits.svelte';
import { type Disagreement, differing } from './disagreements';

const CHUNK = 500;

export class Comparison {
  /** Null until all digits are compared. */
  found = $state.raw<readonly Disagreement[] | null>(null);
  failure = $state.raw<Failure | null>(null);
  #run = 0;

  constructor(
    private readonly digits: TestDigits,
    private readonly logits: LogitsCache,
  ) {}

  /** Forgets what was found. */
  clear(): void {
    this.#run += 1;
    this.found = null;
    this.failure = null;
  }

  /** Compares two models on the first `count` test digits. */
  async go(a: string, b: string, count: number): Promise<void> {
    this.clear();
    const run = this.#run;
    try {
      const ofA = await this.#choices(a, count, run);
      const ofB = await this.#choices(b, count, run);
      if (!ofA || !ofB) return;
      const indices = differing(ofA, ofB);
      await this.digits.load(indices);
      const found = await Promise.all(
        indices.map(async (index) => {
          const { label } = await this.digits.get(index);
          return { index, label, a: ofA[index]!, b: ofB[index]! };
        }),
      );
      if (run === this.#run) this.found = found;
    } catch (thrown) {
      if (run === this.#run) this.failure = toFailure(thrown);
    }
  }

  async #choices(model: string, count: number, run: number): Promise<number[] | null> {
    const choices: number[] = [];
    while (choices.length < count) {
      const length = Math.min(CHUNK, count - choices.length);
      const from = choices.length;
      const chunk = await this.logits.get(
        model,
        Array.from({ length }, (_, i) => from + i),
      );
      // Another race has begun meanwhile.
      if (!chunk || run !== this.#run) return null;
      for (const row of chunk) choices.push(firstChoice(row));
      await idle();
    }
    return choices;
  }
}
