/** `window.distillery`: what scripts on this page may ask of it. `embedding.ts` has the same for a page around it. */

import { answerEmbedder } from './embedding';
import type { Config, Event, Grid, Record as RunRecord } from './engine/generated/types';
import type { Allowed } from './engine/page-failures';
import { WANTED, type Wanted } from './event-types';
import { soften } from './model/softening';
import { asBytes, asInteger, asNumbers, asObject, asOneOf, asText, refuse } from './state/arguments';
import type { Store } from './state/store.svelte';
import { MOST_ENGINES, Sweep, type SweepLine } from './state/sweep.svelte';

type Callback = (event: Event) => void;

const LAST_TEST_DIGIT = 9_999;
const PIXELS = 28 * 28;
const ABOVE_0: Allowed = { code: 'numbers_above', min: 0 };
const GREY: Allowed = { code: 'numbers', count: PIXELS, min: 0, max: 1 };

export interface DistilleryApi {
  /** Resolves when the page can train. */
  readonly ready: Promise<void>;
  /** Trains a config to its end and answers the record; rejects with a `Failure`. */
  run(config: Config): Promise<RunRecord>;
  /**
   * Runs every cell of a grid on several engines at once, one for each core unless `engines` says how many, and answers
   * their records in the order in which they finished; rejects with a `Failure`.
   */
  sweep(grid: Grid, engines?: number): Promise<readonly SweepLine[]>;
  /**
   * A model's probabilities of the ten classes for a test digit (0 to 9999), one list a temperature (above 0); waits for a
   * digit that is on its way.
   */
  softTargets(model: string, digit: number, temperatures: readonly number[]): Promise<number[][]>;
  /** A model's probabilities at T = 1 for a picture: 784 grey values from 0 to 1, white ink on black. */
  predict(model: string, pixels: ArrayLike<number>): Promise<number[]>;
  /**
   * Takes an idx file of 28×28 images and one of their labels, gzipped or not, for configs whose transfer set has
   * `pictures: "own"`; answers how many there are, rejects with a `Failure`.
   */
  addOwn(images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): Promise<number>;
  /** The same for configs whose `data.set` is `"own"`: pictures to test on. */
  addOwnTest(images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Calls back on every event of a type, or on all with `'*'`; answers the way to stop that. */
  on(event: Wanted, callback: Callback): () => void;
}

declare global {
  interface Window {
    distillery: DistilleryApi;
  }
}

/** Arguments come from anyone, so each is read before it is used. */
function apiOf(store: Store): DistilleryApi {
  return {
    get ready() {
      return store.ready;
    },
    async run(config) {
      asObject('config', config);
      await store.ready;
      return store.runConfig(config);
    },
    async sweep(grid, engines = Sweep.suggestedEngines) {
      asObject('grid', grid);
      asInteger('engines', engines, 1, MOST_ENGINES);
      await store.ready;
      return store.runSweep(grid, engines);
    },
    async softTargets(model, digit, temperatures) {
      asText('model', model);
      asInteger('digit', digit, 0, LAST_TEST_DIGIT);
      const finite = asNumbers('temperatures', temperatures, ABOVE_0, (t) => t > 0 && t < Infinity);
      await store.ready;
      const logits = await store.models.logits(model, 'test', [digit]);
      return finite.map((temperature) => [...soften(logits, temperature).probabilities]);
    },
    async predict(model, pixels) {
      asText('model', model);
      if (pixels?.length !== PIXELS) refuse('pixels', pixels, GREY);
      const grey = asNumbers('pixels', pixels, GREY, (value) => value >= 0 && value <= 1);
      await store.ready;
      const logits = await store.models.logitsOfPixels(model, Float32Array.from(grey));
      return [...soften(logits, 1).probabilities];
    },
    async addOwn(images, labels) {
      asBytes('images', images);
      asBytes('labels', labels);
      await store.ready;
      return store.own.add('own', images, labels);
    },
    async addOwnTest(images, labels) {
      asBytes('images', images);
      asBytes('labels', labels);
      await store.ready;
      return store.own.add('own_test', images, labels);
    },
    on(wanted, callback) {
      asOneOf('event', wanted, WANTED);
      if (typeof callback !== 'function') refuse('callback', callback, { code: 'callback' });
      return store.trainer.listen((advance) => {
        for (const event of advance.events) if (wanted === '*' || event.type === wanted) callback(event);
      });
    },
  };
}

/** Offers the API to scripts on this page and to a page around it. */
export function offerApi(store: Store): void {
  const api = apiOf(store);
  window.distillery = api;
  answerEmbedder(api);
}
