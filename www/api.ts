/** `window.distillery`: what scripts on this page may ask of it. `embedding.ts` has the same for a page around it. */

import type { EventOf, Look, Status, Wanted } from '../packages/embed/src/contract';
import { answerEmbedder } from './embedding';
import { failure } from './engine/failure';
import type { Config, Event, Grid, Record as RunRecord } from './engine/generated/types';
import type { Allowed } from './engine/page-failures';
import { testedOn } from './engine/pictures';
import { isOfPage, WANTED } from './event-types';
import { soften } from './model/softening';
import type { Theme } from './model/view';
import { listenToPage, statusOf } from './page-events.svelte';
import { asBytes, asInteger, asNumbers, asObject, asOneOf, asText, refuse } from './state/arguments';
import type { Store } from './state/store.svelte';
import { MOST_ENGINES, Sweep, type SweepLine } from './state/sweep.svelte';

const LANGUAGES = ['en', 'zh', null] as const;
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const LAST_TEST_DIGIT = 9_999;
const PIXELS = 28 * 28;
const ABOVE_0: Allowed = { code: 'numbers_above', min: 0 };
const GREY: Allowed = { code: 'numbers', count: PIXELS, min: 0, max: 1 };

export interface DistilleryApi {
  /** Resolves when the page can train. */
  readonly ready: Promise<void>;
  /** Where the race stands. */
  status(): Status;
  /** The config on show: of the race, or the one that is being set; null before the page has loaded. */
  config(): Config | null;
  /** Takes a config in place of the one on show; a race ends. Answers it with every default; rejects with a `Failure`. */
  setConfig(config: Config): Promise<Config>;
  /** Takes what a link of the page carries behind `#`; a race ends. */
  open(link: string): Promise<void>;
  /** Changes language and theme, and nothing of the experiment. */
  look(look: Look): void;
  /** Start, or Resume after a pause; resolves when the race is under way or being prepared. */
  start(): Promise<void>;
  /** Pauses a race and stops a sweep. */
  pause(): void;
  /** Ends the race where it is; answers its record, null if there was none. */
  stop(): Promise<RunRecord | null>;
  reset(): void;
  /** The record of the race that has ended; null without one. */
  record(): RunRecord | null;
  /** Trains a config to its end and answers the record; rejects with a `Failure`. */
  run(config: Config): Promise<RunRecord>;
  /**
   * Runs every cell of a grid on several engines at once, one for each core unless `engines` says how many, and answers
   * their records in the order in which they finished; rejects with a `Failure`.
   */
  sweep(grid: Grid, engines?: number): Promise<readonly SweepLine[]>;
  /**
   * A model's probabilities of the ten classes for a test digit (0 to 9999), of clothes where the config on show is about
   * them, one list a temperature (above 0); waits for a digit that is on its way.
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
  /**
   * Calls back on every event of a type, or on all of the training with `'*'`; answers the way to stop that. What the page
   * tells of itself (`PageEvent`) has to be asked for by its type, and is told at once as it stands.
   */
  on<T extends Wanted>(event: T, callback: (event: EventOf<T>) => void): () => void;
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
    status: () => statusOf(store),
    config: () => store.shownConfig,
    async setConfig(config) {
      asObject('config', config);
      await store.ready;
      return store.takeConfig(config);
    },
    async open(link) {
      asText('link', link);
      await store.ready;
      await store.takeHash(`#${link.replace(/^#/, '')}`);
    },
    look(look) {
      asObject('look', look);
      const { lang, theme } = look;
      if (lang !== undefined && !LANGUAGES.includes(lang)) asOneOf('lang', lang, ['en', 'zh']);
      if (theme !== undefined) store.view.theme = asOneOf('theme', theme, THEMES);
      if (lang !== undefined) store.view.locale = lang;
    },
    async start() {
      await store.ready;
      if (store.status === 'paused') store.trainer.resume();
      else await store.start();
      const { isRunnable, problems } = store.experiment;
      if (!isRunnable && store.trainer.canStart) {
        throw { ...failure('config_invalid', 'the config on show cannot be run'), problems };
      }
    },
    pause() {
      store.trainer.pause();
      void store.sweep.stop();
      void store.seeds.stop();
    },
    async stop() {
      store.trainer.stop();
      await store.trainer.atRest();
      return store.run.record;
    },
    reset() {
      store.trainer.reset();
    },
    record: () => store.run.record,
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
      const split = testedOn(store.shownConfig?.data?.set);
      const logits = await store.models.logits(model, split, [digit]);
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
      // The type of the callback follows from what is wanted, which no compiler sees in a comparison.
      const call = callback as (event: Event | EventOf<Wanted>) => void;
      if (isOfPage(wanted)) return listenToPage(store, wanted, call);
      return store.trainer.listen((advance) => {
        for (const event of advance.events) if (wanted === '*' || event.type === wanted) call(event);
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
