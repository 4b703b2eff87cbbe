/** Pictures of any split for a strip, each fetched once. */

import { SvelteMap } from 'svelte/reactivity';
import type { Digit, Split } from '../../engine/messages';
import type { Models } from '../../model/models';

export class ShownDigits {
  readonly #digits = new SvelteMap<string, Digit>();
  readonly #asked = new Set<string>();

  constructor(
    private readonly models: Pick<Models, 'digits'>,
    /** Where they lie, and a name that is another one where other pictures lie there. */
    private readonly place: () => { readonly split: Split; readonly name: string },
  ) {}

  /** The digit, or undefined until it is here; reading it in a view follows its arrival. */
  at(index: number): Digit | undefined {
    return this.#digits.get(this.#key(index));
  }

  /** Fetches what is missing of these; rejects with a `Failure`, and what failed may be asked again. */
  async load(indices: readonly number[]): Promise<void> {
    const { split } = this.place();
    const missing = indices
      .map((index) => ({ index, key: this.#key(index) }))
      .filter(({ key }) => !this.#asked.has(key));
    if (missing.length === 0) return;
    for (const { key } of missing) this.#asked.add(key);
    try {
      const digits = await this.models.digits(
        split,
        missing.map(({ index }) => index),
      );
      for (const [i, { key }] of missing.entries()) this.#digits.set(key, digits[i]!);
    } catch (thrown) {
      for (const { key } of missing) this.#asked.delete(key);
      throw thrown;
    }
  }

  #key(index: number): string {
    const { split, name } = this.place();
    return `${split} ${name} ${index}`;
  }
}
