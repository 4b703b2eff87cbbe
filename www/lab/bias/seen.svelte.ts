/** Digits as a race's trained models see them, asked for once, chunk by chunk, with how far that has come. */

import { idle } from '../../model/idle';
import type { PicturesOf } from '../../model/measured-on';
import type { Models } from '../../model/models';
import { CLASSES } from '../../model/softening';
import type { Seen } from './bias-search';

/** Small enough for a chunk to leave the engine to others before long. */
const CHUNK = 500;

export class SeenDigits {
  /** Digits that are there, of those last asked for. */
  done = $state(0);
  total = $state(0);
  readonly #seen = new Map<string, Promise<Seen>>();
  readonly #labels = new Map<string, Promise<number[]>>();

  constructor(private readonly models: Pick<Models, 'digits' | 'logits'>) {}

  /** Rejects with a `Failure`; what failed may be asked again. */
  get(model: string, pictures: PicturesOf): Promise<Seen> {
    return kept(this.#seen, `${model} on ${nameOf(pictures)}`, () => this.#ask(model, pictures));
  }

  async #ask(model: string, { split, indices }: PicturesOf): Promise<Seen> {
    const logits = new Float32Array(indices.length * CLASSES);
    const labels: number[] = [];
    this.total = indices.length;
    for (let at = 0; at < indices.length; at += CHUNK) {
      this.done = at;
      const chunk = { split, indices: indices.slice(at, at + CHUNK) };
      const [row, of] = await Promise.all([
        this.models.logits(model, split, chunk.indices),
        this.#labelsOf(chunk),
      ]);
      logits.set(row, at * CLASSES);
      labels.push(...of);
      await idle();
    }
    this.done = indices.length;
    return { logits, labels };
  }

  /** Labels are the same for every model. */
  #labelsOf(pictures: PicturesOf): Promise<number[]> {
    return kept(this.#labels, nameOf(pictures), async () => {
      const digits = await this.models.digits(pictures.split, pictures.indices);
      return digits.map(({ label }) => label);
    });
  }
}

const nameOf = ({ split, indices }: PicturesOf): string => `${split} ${indices[0]} ${indices.length}`;

function kept<T>(map: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const asked = ask();
  map.set(key, asked);
  asked.catch(() => map.delete(key));
  return asked;
}
