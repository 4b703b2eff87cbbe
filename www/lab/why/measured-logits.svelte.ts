/**
 * What models make of the pictures that the race is measured on: logits and labels, asked for chunk by chunk in idle time and
 * kept as long as the weights are the same.
 */

import { SvelteMap } from 'svelte/reactivity';
import { toFailure } from '../../engine/failure';
import type { Failure } from '../../engine/messages';
import { idle } from '../../model/idle';
import type { Models } from '../../model/models';
import { CLASSES } from '../../model/softening';
import type { MeasuredSet } from './measured-set';

type Source = Pick<Models, 'digits' | 'logits' | 'weightsName'>;

/** Small enough for one chunk to hold the worker for less than a tenth of a second, of most networks. */
const CHUNK = 250;

export interface Answers {
  /** Ten a digit, in the order of the set. */
  readonly logits: Float32Array;
  /** The weights that they are of. */
  readonly weights: string;
  /** The last epoch that the model had ended when they were asked for; 0 before the first. */
  readonly epoch: number;
}

/** A model that is asked, and the last epoch that it has ended. */
export interface AskedModel {
  readonly name: string;
  readonly epoch: number;
}

export class MeasuredLogits {
  /** Of every model asked about, once all digits are answered; those before stay until then. */
  readonly answers = new SvelteMap<string, Answers>();
  labels = $state.raw<Uint8Array | null>(null);
  /** The set that all of this is of. */
  set = $state.raw<MeasuredSet | null>(null);
  done = $state(0);
  total = $state(0);
  failure = $state.raw<Failure | null>(null);
  #run = 0;
  #isWorking = false;
  /** Those to be asked about next. */
  #next: readonly AskedModel[] | null = null;

  constructor(private readonly models: Source) {}

  get isRunning(): boolean {
    return this.done < this.total;
  }

  /**
   * Asks about what is not known of these models; a model without weights is left out. While others are asked about the same
   * set this waits for its turn, and of several that wait the last counts: in a quick race an epoch may be shorter than a scan,
   * which would never end if each epoch began it anew.
   */
  async go(asked: readonly AskedModel[], set: MeasuredSet): Promise<void> {
    this.#next = asked;
    if (this.#isWorking && set.name === this.set?.name) return;
    this.#run += 1;
    const run = this.#run;
    this.failure = null;
    this.#isWorking = true;
    if (set.name !== this.set?.name) {
      this.set = set;
      this.labels = null;
      this.answers.clear();
    }
    try {
      while (run === this.#run && this.#next) {
        const models = this.#next;
        this.#next = null;
        await this.#scan(models, set, run);
      }
    } catch (thrown) {
      if (run !== this.#run) return;
      const reason = toFailure(thrown);
      // Another race has taken the place of the one that was asked about.
      if (reason.code !== 'run_stopped') this.failure = reason;
      this.total = this.done;
    }
    if (run === this.#run) this.#isWorking = false;
  }

  async #scan(asked: readonly AskedModel[], set: MeasuredSet, run: number): Promise<void> {
    const missing = asked.filter(({ name }) => {
      const weights = this.models.weightsName(name);
      return weights !== null && this.answers.get(name)?.weights !== weights;
    });
    for (const { name, epoch } of asked) {
      const known = this.answers.get(name);
      // The epoch may have ended between the question and the answer.
      if (known?.weights === this.models.weightsName(name) && known.epoch !== epoch)
        this.answers.set(name, { ...known, epoch });
    }
    this.done = 0;
    this.total = (missing.length + (this.labels ? 0 : 1)) * set.count;
    if (!this.labels) await this.#askLabels(set, run);
    for (const model of missing) await this.#ask(model, set, run);
  }

  /** Leaves the engine alone until `go`. */
  stop(): void {
    this.#run += 1;
    this.#isWorking = false;
    this.#next = null;
    this.total = this.done;
  }

  async #chunks(
    set: MeasuredSet,
    run: number,
    take: (indices: number[], at: number) => Promise<void>,
  ): Promise<boolean> {
    for (let at = 0; at < set.count; at += CHUNK) {
      const size = Math.min(CHUNK, set.count - at);
      await take(
        Array.from({ length: size }, (_, i) => set.first + at + i),
        at,
      );
      if (run !== this.#run) return false;
      this.done += size;
      await idle();
      if (run !== this.#run) return false;
    }
    return true;
  }

  async #askLabels(set: MeasuredSet, run: number): Promise<void> {
    const labels = new Uint8Array(set.count);
    const isWhole = await this.#chunks(set, run, async (indices, at) => {
      const digits = await this.models.digits(set.split, indices);
      labels.set(
        digits.map(({ label }) => label),
        at,
      );
    });
    if (isWhole) this.labels = labels;
  }

  async #ask({ name, epoch }: AskedModel, set: MeasuredSet, run: number): Promise<void> {
    if (run !== this.#run) return;
    const weights = this.models.weightsName(name);
    if (weights === null) return;
    const logits = new Float32Array(set.count * CLASSES);
    const isWhole = await this.#chunks(set, run, async (indices, at) => {
      logits.set(await this.models.logits(name, set.split, indices), at * CLASSES);
    });
    if (isWhole) this.answers.set(name, { logits, weights, epoch });
  }
}
