/** The cards of the shipped models, and how long a step of their training takes here. */

import type { EngineClient } from '../engine/client';
import type { Card } from '../engine/generated/types';
import type { EngineState } from './engine-state.svelte';

export class Cards {
  /** None until they have been asked for. */
  all = $state.raw<readonly Card[]>([]);
  #loading: Promise<void> | null = null;
  /** What has been timed, by engine and card. */
  readonly #steps = new Map<string, Promise<number>>();

  constructor(
    private readonly client: EngineClient,
    private readonly engine: Pick<EngineState, 'running'>,
  ) {}

  /** Takes the cards over, once. Rejects with a `Failure`; it can be asked again. */
  load(): Promise<void> {
    this.#loading ??= this.client
      .call((api) => api.teachers())
      .then((cards) => {
        // Of a visitor's own teacher nothing is told that a card could say.
        this.all = cards.filter(({ command }) => command !== '');
      })
      .catch((thrown: unknown) => {
        this.#loading = null;
        throw thrown;
      });
    return this.#loading;
  }

  /** Milliseconds that a step of a card's training takes on the engine in use. Rejects with a `Failure`. */
  stepMs(card: Card): Promise<number> {
    const key = `${this.engine.running} ${card.name}`;
    const known = this.#steps.get(key);
    if (known) return known;
    const timing = this.client.call((api) => api.timeSteps(card.config));
    this.#steps.set(key, timing);
    timing.catch(() => this.#steps.delete(key));
    return timing;
  }
}
