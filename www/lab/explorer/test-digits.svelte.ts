/** The test digits as far as they have come to the page, each fetched once. */

import { SvelteMap } from 'svelte/reactivity';
import type { Digit } from '../../engine/messages';
import type { PageStore } from '../../state/page-store';

export class TestDigits {
  readonly #digits = new SvelteMap<number, Digit>();
  readonly #asked = new Set<number>();

  constructor(private readonly store: Pick<PageStore, 'digits'>) {}

  /** The digit, or undefined until it is here; reading it in a view follows its arrival. */
  at(index: number): Digit | undefined {
    return this.#digits.get(index);
  }

  /** Fetches what is missing of these; rejects with a `Failure`, and what failed may be asked again. */
  async load(indices: readonly number[]): Promise<void> {
    const missing = indices.filter((index) => !this.#asked.has(index));
    for (const index of missing) this.#asked.add(index);
    if (missing.length === 0) return;
    try {
      const digits = await this.store.digits('test', missing);
      for (const [i, index] of missing.entries()) this.#digits.set(index, digits[i]!);
    } catch (thrown) {
      for (const index of missing) this.#asked.delete(index);
      throw thrown;
    }
  }

  /** One digit, fetched if need be. */
  async get(index: number): Promise<Digit> {
    const known = this.#digits.get(index);
    if (known) return known;
    const [digit] = await this.store.digits('test', [index]);
    this.#digits.set(index, digit!);
    return digit!;
  }
}

const shelves = new WeakMap<object, TestDigits>();

/** The one collection of a store's test digits, shared by all panels. */
export function testDigitsOf(store: PageStore): TestDigits {
  const known = shelves.get(store);
  if (known) return known;
  const digits = new TestDigits(store);
  shelves.set(store, digits);
  return digits;
}
