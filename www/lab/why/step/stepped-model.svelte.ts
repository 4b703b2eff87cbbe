/** A model with a step taken: what it answered before and after, by an engine that is its own for as long as it is looked at. */

import { toFailure } from '../../../engine/failure';
import type { Config, LossTerms } from '../../../engine/generated/types';
import type { Failure } from '../../../engine/messages';
import type { Stepper } from '../../../engine/stepper';
import type { LossMix } from '../../../model/digit-loss';
import { firstWeightsOf, MOST_STEPS, stepsOf } from '../../../model/one-step';
import { own } from '../../../model/own';
import { readWeights, type WeightsFile } from '../../../model/packed-weights';
import { checkpointOf, teachersOf } from '../../../model/roles';
import type { PageStore } from '../../../state/page-store';
import { type BatchDigit, type BatchPlace, batchAt } from './batch';

/** What is asked for: a step of a model, and the circumstances of now. */
export interface StepWish {
  readonly config: Config;
  readonly model: string;
  readonly place: BatchPlace;
  readonly mix: LossMix;
  readonly rate: number;
  readonly progress: number;
  /** Whether it goes on from what a race has come to; else from its first weights. */
  readonly fromRace: boolean;
}

/** A model at a moment: what it answers, a row a digit, and its weights. */
export interface Moment {
  readonly logits: readonly Float32Array[];
  readonly weights: WeightsFile;
}

export interface Stepped extends StepWish {
  readonly digits: readonly BatchDigit[];
  /** Its teachers' logits, by teacher and digit. */
  readonly taught: readonly (readonly Float32Array[])[];
  readonly before: Moment;
  readonly after: Moment;
  /** The losses that each step began with, as the engine tells them. */
  readonly told: readonly LossTerms[];
  /** The name of the weights that the race had for it. */
  readonly weightsName: string | null;
}

type Source = Pick<PageStore, 'models' | 'openStepper'>;

export class SteppedModel {
  /** Null until a step has been taken; what was before stays until the next is complete. */
  stepped = $state.raw<Stepped | null>(null);
  failure = $state.raw<Failure | null>(null);
  isBusy = $state(false);
  #stepper: Stepper | null = null;
  /** Another number than before: something else is asked for. */
  #turn = 0;

  constructor(private readonly store: Source) {}

  /** Takes the first step of what is wished for. */
  begin(wish: StepWish): Promise<void> {
    this.close();
    return this.#work(async (mine) => {
      const { models } = this.store;
      const weightsName = models.weightsName(wish.model);
      const digits = await batchAt(models, wish.place);
      const given = await this.#given(wish);
      const stepper = await this.store.openStepper(digits);
      if (mine !== this.#turn) return stepper.close();
      this.#stepper = stepper;
      const stepped = {
        ...(await firstStep(stepper, wish, digits.length, given)),
        ...wish,
        digits,
        weightsName,
      };
      if (mine === this.#turn) this.stepped = stepped;
    });
  }

  /** Takes more steps, as many as there may be. */
  more(count: number): Promise<void> {
    const [stepper, stepped] = [this.#stepper, this.stepped];
    if (!stepper || !stepped) return Promise.resolve();
    return this.#work(async (mine) => {
      const told = await stepper.steps(stepped.model, Math.min(count, MOST_STEPS - stepped.told.length));
      const after = await momentOf(stepper, stepped.model);
      if (mine === this.#turn) this.stepped = { ...stepped, after, told: [...stepped.told, ...told] };
    });
  }

  /** Ends the engine; what was shown stays. */
  close(): void {
    this.#turn += 1;
    this.#stepper?.close();
    this.#stepper = null;
    this.isBusy = false;
  }

  /** Weights that the race has: the model's own, where it has begun, and those of teachers that were trained there. */
  async #given({ config, model, fromRace }: StepWish): Promise<Given> {
    const { models } = this.store;
    const teachers = teachersOf(own(config.models, model)).filter(
      (name) => checkpointOf(config, name) === null,
    );
    const bytes = await Promise.all(teachers.map((name) => models.weights(name)));
    return {
      model: fromRace ? await models.weights(model) : null,
      teachers: new Map(teachers.map((name, i) => [name, bytes[i]!])),
    };
  }

  async #work(work: (mine: number) => Promise<void>): Promise<void> {
    const mine = this.#turn;
    this.isBusy = true;
    this.failure = null;
    try {
      await work(mine);
    } catch (thrown) {
      if (mine === this.#turn) this.failure = toFailure(thrown);
    } finally {
      if (mine === this.#turn) this.isBusy = false;
    }
  }
}

interface Given {
  readonly model: Uint8Array<ArrayBuffer> | null;
  readonly teachers: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

async function momentOf(stepper: Stepper, model: string): Promise<Moment> {
  return { logits: await stepper.logits(model), weights: readWeights(await stepper.weights(model)) };
}

async function firstWeights(
  stepper: Stepper,
  { config, model }: StepWish,
  digits: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { experiment, name } = firstWeightsOf({ config, model, digits });
  await stepper.begin(experiment);
  return stepper.weights(name);
}

async function firstStep(
  stepper: Stepper,
  wish: StepWish,
  digits: number,
  given: Given,
): Promise<Pick<Stepped, 'before' | 'after' | 'told' | 'taught'>> {
  const weights = given.model ?? (await firstWeights(stepper, wish, digits));
  const { experiment, start } = stepsOf({ ...wish, digits }, weights, given.teachers);
  await stepper.begin(experiment);
  const before = await momentOf(stepper, start);
  const teachers = teachersOf(own(wish.config.models, wish.model));
  const taught = await Promise.all(teachers.map((name) => stepper.logits(name)));
  const told = await stepper.steps(wish.model, 1);
  return { before, taught, told, after: await momentOf(stepper, wish.model) };
}
