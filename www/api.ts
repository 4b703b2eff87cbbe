/**
 * `window.distillery`, and the same calls by `postMessage` for a page that embeds this one:
 * `{distillery: 'run', id, args: [config]}` is answered by `{distillery: 'result', id, value}` or
 * `{distillery: 'error', id, error}`; after `{distillery: 'on', id, args: [event]}` every event of
 * that type arrives as `{distillery: 'event', event}`.
 */

import { toFailure } from './engine/failure';
import type { Config, Event, Grid, Record as RunRecord } from './engine/generated/types';
import { soften } from './lab/explorer/softening';
import type { Store } from './state/store.svelte';
import { Sweep, type SweepLine } from './state/sweep.svelte';

type Callback = (event: Event) => void;

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
  /** A model's probabilities of the ten classes for a test digit, one list a temperature. */
  softTargets(model: string, digit: number, temperatures: readonly number[]): Promise<number[][]>;
  /** A model's probabilities at T = 1 for a picture: 784 grey values of 0 to 1, white ink on black. */
  predict(model: string, pixels: ArrayLike<number>): Promise<number[]>;
  /**
   * Takes an idx file of 28×28 images and one of their labels, gzipped or not, for configs whose transfer set has
   * `pictures: "own"`; answers how many there are, rejects with a `Failure`.
   */
  addOwn(images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): Promise<number>;
  /** The same for configs whose `data.set` is `"own"`: pictures to test on. */
  addOwnTest(images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Calls back on every event of a type, or on all with `'*'`; answers the way to stop that. */
  on(event: Event['type'] | '*', callback: Callback): () => void;
}

declare global {
  interface Window {
    distillery: DistilleryApi;
  }
}

function apiOf(store: Store): DistilleryApi {
  return {
    get ready() {
      return store.ready;
    },
    async run(config) {
      await store.ready;
      return store.runConfig(config);
    },
    async sweep(grid, engines = Sweep.suggestedEngines) {
      await store.ready;
      return store.runSweep(grid, engines);
    },
    async softTargets(model, digit, temperatures) {
      await store.ready;
      const logits = await store.logits(model, 'test', [digit]);
      return temperatures.map((temperature) => [...soften(logits, temperature).probabilities]);
    },
    async predict(model, pixels) {
      await store.ready;
      const logits = await store.logitsOfPixels(model, Float32Array.from(pixels));
      return [...soften(logits, 1).probabilities];
    },
    async addOwn(images, labels) {
      await store.ready;
      return store.own.add('own', images, labels);
    },
    async addOwnTest(images, labels) {
      await store.ready;
      return store.own.add('own_test', images, labels);
    },
    on(wanted, callback) {
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
  addEventListener('message', (message) => void answer(api, message));
}

interface Request {
  readonly distillery: unknown;
  readonly id?: unknown;
  readonly args?: readonly unknown[];
}

async function answer(api: DistilleryApi, message: MessageEvent<unknown>): Promise<void> {
  const { data, source } = message;
  if (source === null || typeof data !== 'object' || data === null || !('distillery' in data)) return;
  const request = data as Request;
  const calls: Readonly<Record<string, (...args: never[]) => unknown>> = {
    ready: () => api.ready,
    run: api.run,
    sweep: api.sweep,
    softTargets: api.softTargets,
    predict: api.predict,
    addOwn: api.addOwn,
    addOwnTest: api.addOwnTest,
    on: (event: Event['type'] | '*') => {
      api.on(event, (happened) => reply({ distillery: 'event', event: happened }));
    },
  };
  const name = String(request.distillery);
  // Answers and events of an embedded page pass here too; they are no calls.
  if (!Object.hasOwn(calls, name)) return;
  const reply = (content: object): void => {
    source.postMessage(content, { targetOrigin: message.origin === 'null' ? '*' : message.origin });
  };
  try {
    const value = await calls[name]!(...((request.args ?? []) as never[]));
    reply({ distillery: 'result', id: request.id, value });
  } catch (thrown) {
    reply({ distillery: 'error', id: request.id, error: toFailure(thrown) });
  }
}
