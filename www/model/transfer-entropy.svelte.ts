/**
 * How soft a teacher's targets are over a whole transfer set: the mean entropy of its softened probabilities at any
 * temperature. Logits are asked for chunk by chunk in idle time, as they are before jitter and other changes.
 */

import { toFailure } from '../engine/failure';
import type { Data, TransferSet } from '../engine/generated/types';
import type { Failure } from '../engine/messages';
import { learntFrom } from '../engine/pictures';
import { idle } from './idle';
import type { Models } from './models';
import { CLASSES, entropyOfLogits } from './softening';
import { HIGHEST_TEMPERATURE, LOWEST_TEMPERATURE } from './temperature';

type Source = Pick<Models, 'digits' | 'logits' | 'weightsName'>;

/** Small enough for one chunk to hold the worker for less than a tenth of a second. */
const CHUNK = 200;
/** Points of the curve, evenly spaced along the logarithm of T. */
const POINTS = 31;

/** The temperatures of the curve, rising from the slider's one end to the other. */
export const CURVE_TEMPERATURES: readonly number[] = Array.from(
  { length: POINTS },
  (_, i) => LOWEST_TEMPERATURE * (HIGHEST_TEMPERATURE / LOWEST_TEMPERATURE) ** (i / (POINTS - 1)),
);

export class TransferEntropy {
  /** Digits of the set looked at so far, those of classes that are left out among them. */
  known = $state(0);
  total = $state(0);
  /** Digits whose entropies are in the means. */
  counted = $state(0);
  isRunning = $state(false);
  failure = $state.raw<Failure | null>(null);
  #chunks: Float32Array[] = [];
  #sums: number[] = CURVE_TEMPERATURES.map(() => 0);
  #of = '';
  #run = 0;

  constructor(private readonly models: Source) {}

  get isComplete(): boolean {
    return this.total > 0 && this.known >= this.total;
  }

  /**
   * Goes on where it stopped, or from the start for other weights or another set, until `stop` or all is known; `data`:
   * the experiment's data set.
   */
  async go(model: string, set: TransferSet, data: Data['set']): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const weights = this.models.weightsName(model);
    const split = learntFrom(set.pictures, data);
    const of = `${weights} on ${split} ${set.digits} ${set.leave_out}`;
    if (of !== this.#of) this.#forget(of);
    this.failure = null;
    if (weights === null || split === null) return;
    this.total = set.digits ?? 0;
    this.isRunning = true;
    try {
      while (run === this.#run && this.known < this.total) {
        await this.#chunk(model, split, set, run);
        await idle();
      }
    } catch (thrown) {
      if (run === this.#run) this.failure = toFailure(thrown);
    }
    if (run === this.#run) this.isRunning = false;
  }

  /** Leaves the engine alone until `go`. */
  stop(): void {
    this.#run += 1;
    this.isRunning = false;
  }

  /** Mean entropy in nats at a temperature, over the digits counted so far; null before the first. */
  meanAt(temperature: number): number | null {
    if (this.counted === 0) return null;
    let sum = 0;
    for (const chunk of this.#chunks) sum += sumOf(chunk, temperature);
    return sum / this.counted;
  }

  /** The same over all temperatures. */
  get curve(): readonly { temperature: number; nats: number }[] {
    if (this.counted === 0) return [];
    return CURVE_TEMPERATURES.map((temperature, i) => ({ temperature, nats: this.#sums[i]! / this.counted }));
  }

  #forget(of: string): void {
    this.#of = of;
    this.#chunks = [];
    this.#sums = CURVE_TEMPERATURES.map(() => 0);
    this.known = 0;
    this.total = 0;
    this.counted = 0;
  }

  async #chunk(model: string, split: 'train' | 'fashion', set: TransferSet, run: number): Promise<void> {
    const from = this.known;
    const to = Math.min(from + CHUNK, this.total);
    const all = Array.from({ length: to - from }, (_, i) => from + i);
    const leftOut = new Set(set.leave_out ?? []);
    // Labels come with the pictures, so they are asked for only where classes are left out.
    const labels = leftOut.size > 0 ? (await this.models.digits(split, all)).map(({ label }) => label) : null;
    const kept = labels ? all.filter((_, i) => !leftOut.has(labels[i]!)) : all;
    const logits = kept.length > 0 ? await this.models.logits(model, split, kept) : new Float32Array();
    if (run !== this.#run) return;
    this.#chunks.push(logits);
    this.#sums = this.#sums.map((sum, i) => sum + sumOf(logits, CURVE_TEMPERATURES[i]!));
    this.counted += kept.length;
    this.known = to;
  }
}

/** Sum of the entropies of a chunk's digits in nats. */
function sumOf(logits: Float32Array, temperature: number): number {
  let sum = 0;
  for (let start = 0; start < logits.length; start += CLASSES)
    sum += entropyOfLogits(logits, start, temperature);
  return sum;
}
