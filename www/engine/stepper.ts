/** Single steps of one model on a few pictures, by an engine of its own: a race goes on beside it untouched. */

import { EngineClient } from './client';
import { failure, toFailure } from './failure';
import type { Config, LossTerms } from './generated/types';
import { type Given, give } from './given';
import { idxOf } from './idx';
import type { Digit, Failure } from './messages';
import type { OwnTeacher } from './own-teacher';
import type { Session } from './session';

/** An experiment that learns on the pictures given with it: its transfer set takes its pictures from `own`. */
export interface SteppedExperiment {
  readonly config: Config;
  /** Weights that its models start from, by the names that the config has for them. */
  readonly checkpoints: readonly OwnTeacher[];
}

/** One round of steps, however slow the engine is. */
const BUDGET_MS = 600_000;
const DEAF = { notice: () => undefined, replaced: () => undefined, lost: () => undefined };
const UNHEARD = { kept: () => undefined, rewound: () => undefined };

/** What it answers rejects with a `Failure`, and with `run_stopped` once it is closed. */
export class Stepper {
  readonly #wanted = new AbortController();
  #session: Session | null = null;
  #indices: number[] = [];

  constructor(private readonly client: EngineClient) {}

  /** `page`: the page's own engine. */
  static async open(
    base: string,
    page: Given & Pick<EngineClient, 'recipes'>,
    digits: readonly Digit[],
    client = new EngineClient(base, DEAF),
  ): Promise<Stepper> {
    const stepper = new Stepper(client);
    try {
      client.recipes = page.recipes;
      await client.open('cpu');
      await client.call((api) => api.loadFirst());
      await give(client, { own: new Map([['own', idxOf(digits)]]), teachers: page.teachers });
      stepper.#indices = digits.map((_, index) => index);
      return stepper;
    } catch (thrown) {
      stepper.close();
      throw toFailure(thrown);
    }
  }

  /** Sets an experiment up in place of the one before; no step is taken yet. */
  async begin({ config, checkpoints }: SteppedExperiment): Promise<void> {
    for (const checkpoint of checkpoints) await this.client.addTeacher(checkpoint);
    this.#session = await this.client.start(config, this.#wanted.signal, UNHEARD);
  }

  /** Ten logits of each picture. */
  async logits(model: string): Promise<Float32Array[]> {
    const all = await this.client.call((api) => api.logits(model, 'own', this.#indices), this.#wanted.signal);
    const width = all.length / this.#indices.length;
    return this.#indices.map((index) => all.slice(index * width, (index + 1) * width));
  }

  /** A model's weights as a safetensors file. */
  weights(model: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.client.call((api) => api.weights(model), this.#wanted.signal);
  }

  /** Takes so many steps; answers the losses that each began with. Fewer, where the model has ended. */
  async steps(model: string, count: number): Promise<LossTerms[]> {
    const session = this.#session;
    if (!session) throw failure('unexpected', 'no experiment has begun');
    const losses: LossTerms[] = [];
    while (losses.length < count) {
      const advance = await this.client.ofSession(session, (api) => api.advance(BUDGET_MS, 1));
      // Digits are on their way.
      if (!advance) continue;
      for (const event of advance.events) {
        if (event.type === 'step' && event.model === model) losses.push(event.loss);
        if (event.type === 'warning') throw stopped(model, event.warning.code);
      }
      if (advance.finished) break;
    }
    return losses;
  }

  /** Ends its worker; whatever waits for it rejects. */
  close(): void {
    this.#wanted.abort(failure('run_stopped', 'the step was called off'));
    this.client.close();
  }
}

function stopped(name: string, code: string): Failure {
  return failure('model_stopped', `${name}: ${code}`, { models: [{ name, stopped: code }] });
}
