/** Logits of the digits that models are tested on, asked of the engine once per digit and weights. */

import type { PageStore } from '../state/page-store';
import { CLASSES } from './softening';

type Source = Pick<PageStore, 'logits' | 'weightsName' | 'testSet'>;

interface Kept {
  /** Names of the weights and of the test set that the logits are of. */
  readonly of: string;
  readonly logits: Map<number, Float32Array>;
}

export class LogitsCache {
  readonly #models = new Map<string, Kept>();

  constructor(private readonly store: Source) {}

  /**
   * Logits of the digits in their order; null while the model has no weights. Asks only for what is not
   * kept from the same weights. Rejects with a `Failure`.
   */
  async get(model: string, indices: readonly number[]): Promise<Float32Array[] | null> {
    const weights = this.store.weightsName(model);
    if (weights === null) return null;
    const { split, name } = this.store.testSet;
    const kept = this.#keptOf(model, `${weights} on ${name}`);
    const missing = indices.filter((index) => !kept.has(index));
    if (missing.length > 0) {
      const flat = await this.store.logits(model, split, missing);
      for (const [i, index] of missing.entries()) kept.set(index, flat.slice(i * CLASSES, (i + 1) * CLASSES));
    }
    return indices.map((index) => kept.get(index)!);
  }

  #keptOf(model: string, of: string): Map<number, Float32Array> {
    const known = this.#models.get(model);
    if (known?.of === of) return known.logits;
    const logits = new Map<number, Float32Array>();
    this.#models.set(model, { of, logits });
    return logits;
  }
}

const caches = new WeakMap<object, LogitsCache>();

/** The one cache of a store's logits, shared by all panels. */
export function logitsCacheOf(store: PageStore): LogitsCache {
  const known = caches.get(store);
  if (known) return known;
  const cache = new LogitsCache(store);
  caches.set(store, cache);
  return cache;
}
