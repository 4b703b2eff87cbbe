/** The digits that models are tested on, as far as they have come to the page, each fetched once. */

import { SvelteMap } from 'svelte/reactivity';
import type { Digit } from '../engine/messages';
import type { Models, TestSet } from './models';

export class TestDigits {
  /** The one that is on show while the visitor has chosen none: the first of the explorer's strip. */
  first = $state<number | null>(null);
  readonly #digits = new SvelteMap<number, Digit>();
  readonly #asked = new Set<number>();
  /** Name of the test set that these are of. */
  #name = '';

  constructor(private readonly models: Pick<Models, 'digits' | 'testSet'>) {}

  /** The digit, or undefined until it is here; reading it in a view follows its arrival. */
  at(index: number): Digit | undefined {
    const digit = this.#digits.get(index);
    return this.#name === this.models.testSet.name ? digit : undefined;
  }

  /** Fetches what is missing of these; rejects with a `Failure`, and what failed may be asked again. */
  async load(indices: readonly number[]): Promise<void> {
    const { split, name } = this.#become();
    const missing = indices.filter((index) => !this.#asked.has(index));
    for (const index of missing) this.#asked.add(index);
    if (missing.length === 0) return;
    try {
      const digits = await this.models.digits(split, missing);
      if (name !== this.#name) return;
      for (const [i, index] of missing.entries()) this.#digits.set(index, digits[i]!);
    } catch (thrown) {
      if (name === this.#name) for (const index of missing) this.#asked.delete(index);
      throw thrown;
    }
  }

  /** One digit, fetched if need be. */
  async get(index: number): Promise<Digit> {
    const { split, name } = this.#become();
    const known = this.#digits.get(index);
    if (known) return known;
    const [digit] = await this.models.digits(split, [index]);
    if (name === this.#name) this.#digits.set(index, digit!);
    return digit!;
  }

  /** The test set as it is now; what was fetched of another is let go. */
  #become(): TestSet {
    const set = this.models.testSet;
    if (set.name !== this.#name) {
      this.#name = set.name;
      this.#digits.clear();
      this.#asked.clear();
    }
    return set;
  }
}
