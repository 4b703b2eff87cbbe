/** Logits of the digits that models are tested on, asked of the engine once per digit and weights. */

import type { Models } from './models';
import { CLASSES } from './softening';

type Source = Pick<Models, 'logits' | 'weightsName' | 'testSet'>;

interface Kept {
  /** Names of the weights and of the test set that the logits are of. */
  readonly of: string;
  readonly logits: Map<number, Float32Array>;
}

export class LogitsCache {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly models: Source) {}

  /**
   * Logits of the digits in their order; null while the model has no weights. Asks only for what is not
   * kept from the same weights. Rejects with a `Failure`.
   */
  async get(model: string, indices: readonly number[]): Promise<Float32Array[] | null> {
    const weights = this.models.weightsName(model);
    if (weights === null) return null;
    const { split, name } = this.models.testSet;
    const kept = this.#keptOf(model, `${weights} on ${name}`);
    const missing = indices.filter((index) => !kept.has(index));
    if (missing.length > 0) {
      const flat = await this.models.logits(model, split, missing);
      for (const [i, index] of missing.entries()) kept.set(index, flat.slice(i * CLASSES, (i + 1) * CLASSES));
    }
    return indices.map((index) => kept.get(index)!);
  }

  #keptOf(model: string, of: string): Map<number, Float32Array> {
    const known = this.#kept.get(model);
    if (known?.of === of) return known.logits;
    const logits = new Map<number, Float32Array>();
    this.#kept.set(model, { of, logits });
    return logits;
  }
}
