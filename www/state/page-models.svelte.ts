/** The models that the engine holds, by the names they have in the config. */

import type { EngineClient } from '../engine/client';
import type { Compressed, Compression, Config, Distorted, Example } from '../engine/generated/types';
import type { Digit, DigitCount, Split } from '../engine/messages';
import { testedOn } from '../engine/pictures';
import type { Models, TestSet } from '../model/models';
import { checkpointOf } from '../model/roles';
import { asInteger } from './arguments';
import type { OwnSets } from './own-sets.svelte';
import type { Run } from './run.svelte';

/** What is on show: a run, and its config. */
interface Race {
  readonly run: Run;
  readonly shownConfig: Config | null;
}

export class PageModels implements Models {
  version = $state(0);
  canShow = $state(false);
  digitCount = $state.raw<DigitCount>({ train: 0, test: 0, fashion_test: 0 });

  constructor(
    private readonly client: EngineClient,
    private readonly own: OwnSets,
    private readonly race: Race,
  ) {}

  get testSet(): TestSet {
    const own = this.own.of('own_test');
    const set = this.race.shownConfig?.data?.set;
    if (set !== 'own' || own.count === 0) {
      const split = testedOn(set);
      return { split, name: split, count: this.digitCount[split] };
    }
    return { split: 'own_test', name: `own_test ${own.version}`, count: own.count };
  }

  hasWeights(model: string): boolean {
    if (!this.canShow) return false;
    return this.#checkpointOf(model) !== null || (this.#isOfRun(model) && !this.race.run.stoppedBy(model));
  }

  /** A shipped model never changes, so that what was asked of it once need not be asked again. */
  weightsName(model: string): string | null {
    if (!this.hasWeights(model)) return null;
    const checkpoint = this.#checkpointOf(model);
    return checkpoint === null ? `${model} ${this.version}` : `shipped ${checkpoint}`;
  }

  async digits(split: Split, indices: readonly number[]): Promise<Digit[]> {
    const checked = this.#checked(split, indices);
    return this.client.call((api) => api.digits(split, checked));
  }

  async logits(model: string, split: Split, indices: readonly number[]): Promise<Float32Array> {
    const checked = this.#checked(split, indices);
    const name = this.#nameInEngine(model);
    return this.client.call((api) => api.logits(name, split, checked));
  }

  async logitsOfDistorted(
    model: string,
    split: Split,
    indices: readonly number[],
    how: Distorted,
  ): Promise<Float32Array> {
    const checked = this.#checked(split, indices);
    const name = this.#nameInEngine(model);
    return this.client.call((api) => api.logitsOfDistorted(name, split, checked, how));
  }

  async distorted(split: Split, indices: readonly number[], how: Distorted): Promise<Float32Array> {
    const checked = this.#checked(split, indices);
    return this.client.call((api) => api.distorted(split, checked, how));
  }

  examples(config: Config, model: string, most: number): Promise<Example[]> {
    return this.client.call((api) => api.examples(config, model, most));
  }

  logitsOfPixels(model: string, pixels: Float32Array): Promise<Float32Array> {
    const name = this.#nameInEngine(model);
    return this.client.call((api) => api.logitsOfPixels(name, pixels));
  }

  async centre(ink: Uint8Array | Float32Array, width: number, height: number): Promise<Float32Array | null> {
    const centred = await this.client.call((api) => api.centre(Float32Array.from(ink), width, height));
    return centred ?? null;
  }

  compressed(model: string, ways: readonly Compression[], depth: number | null): Promise<Compressed> {
    return this.client.call((api) => api.compressed(model, ways, depth));
  }

  weights(model: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = this.#nameInEngine(model);
    return this.client.call((api) => api.weights(name));
  }

  #isOfRun(model: string): boolean {
    return this.race.run.models.some(({ name }) => name === model);
  }

  #checkpointOf(model: string): string | null {
    return checkpointOf(this.race.shownConfig, model);
  }

  /** A shipped model can be asked before any session holds it, by its checkpoint's name. */
  #nameInEngine(model: string): string {
    return this.#isOfRun(model) ? model : (this.#checkpointOf(model) ?? model);
  }

  /** Indices of digits, loaded or not yet; one that no digit can have is refused by name. */
  #checked(split: Split, indices: readonly number[]): number[] {
    const counts: Readonly<Record<Split, number>> = {
      train: 60_000,
      test: 10_000,
      fashion: 20_000,
      fashion_test: 10_000,
      own: this.own.of('own').count,
      own_test: this.own.of('own_test').count,
    };
    return indices.map((index) => asInteger('digit', index, 0, Math.max(0, counts[split] - 1)));
  }
}
