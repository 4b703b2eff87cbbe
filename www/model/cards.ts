/** The cards of shipped models, and how a model of a config goes from a shipped checkpoint to training of its own and back. */

import type { Card, Config, Model, Net, Training, TransferSet } from '../engine/generated/types';
import { RANDOM } from './one-step';
import { own } from './own';
import { checkpointOf, netOf } from './roles';

/** Pictures of a set to learn on; the last of them are held out for validation. */
const TRAINING_PICTURES = { mnist: 60_000, own: 60_000, fashion: 20_000 };
/** Learning takes a pass forward and about two backward; an answer takes the first alone. */
const PASSES_OF_LEARNING = 3;

/** A model that starts from a shipped checkpoint, or is trained here in its place. */
export interface Carded {
  readonly card: Card;
  /** Whether the checkpoint is what it starts and stays as. */
  readonly isShipped: boolean;
}

/** A model's card; null for one that has nothing to do with a shipped checkpoint. `usual`: the recipe's config. */
export function cardedIn(
  config: Config | null,
  name: string,
  cards: readonly Card[],
  usual: Config | null,
): Carded | null {
  const model = own(config?.models, name);
  if (!config || !model) return null;
  const shipped = checkpointOf(config, name);
  if (shipped !== null) {
    const card = cards.find((one) => one.name === shipped);
    return card ? { card, isShipped: true } : null;
  }
  const trained = cards.filter((card) => isTrainedLike(card, config, name));
  // Some cards differ in their seeds alone.
  const card = trained.find((one) => one.name === checkpointOf(usual, name)) ?? trained[0];
  return card ? { card, isShipped: false } : null;
}

function isTrainedLike(card: Card, config: Config, name: string): boolean {
  const model = own(config.models, name);
  const { objective } = modelOf(card);
  return (
    isSame(netOf(config, name), card.net) &&
    isSame(model?.training, card.config.training) &&
    isSame(withoutCount(model?.transfer_set), withoutCount(card.config.transfer_set)) &&
    isSame(model?.objective, objective)
  );
}

/** A race that holds out more digits leaves fewer of a card's. */
const withoutCount = (set: TransferSet | null | undefined): unknown => set && { ...set, digits: null };

/** The model of a card's config, which has no other. */
const modelOf = (card: Card): Partial<Model> => Object.values(card.config.models)[0] ?? {};

/** Whether a model can start from a card's checkpoint: what they leave out at random in training may differ. */
export function fitsNetwork(card: Card, config: Config, name: string): boolean {
  const net = netOf(config, name);
  return net !== null && isSame(withoutRandom(net), withoutRandom(card.net));
}

function withoutRandom(net: Net): unknown {
  const specs = Object.entries(net) as [string, Record<string, unknown>][];
  const steady = (spec: Record<string, unknown>) =>
    Object.entries(spec).filter(([setting]) => !RANDOM.includes(setting as never));
  return specs.map(([kind, spec]) => [kind, Object.fromEntries(steady(spec))]);
}

/** The digits of a card, without those that a config holds out: it would be measured on what it has learnt. */
function transferSetOf({ config: { transfer_set } }: Card, config: Config): TransferSet {
  return {
    ...transfer_set,
    digits: Math.min(transfer_set.digits, TRAINING_PICTURES[config.data.set] - config.data.validation),
  };
}

/** How many digits a model learns on when it is trained like its card: fewer than there where the config holds out more. */
export function digitsHere(card: Card, config: Config, name: string): number {
  return own(config.models, name)?.transfer_set?.digits ?? transferSetOf(card, config).digits;
}

/** The model with its card's training, digits and objective in the checkpoint's place. */
export function trainedHere(config: Config, name: string, card: Card): Model | null {
  const model = own(config.models, name);
  if (!model) return null;
  const { init: _, ...rest } = model;
  return {
    ...rest,
    // Dropout may differ, as a checkpoint does without.
    net: isSame(netOf(config, name), card.net) ? model.net : card.net,
    objective: modelOf(card).objective ?? model.objective,
    transfer_set: transferSetOf(card, config),
    training: card.config.training,
  };
}

/** The model with its checkpoint again, as the recipe has it where it is the recipe's. */
export function shippedAgain(config: Config, name: string, card: Card, usual: Config | null): Model | null {
  const model = own(config.models, name);
  if (!model) return null;
  const { init: _, transfer_set: __, training: ___, ...rest } = model;
  const before = checkpointOf(usual, name) === card.name ? own(usual?.models, name) : undefined;
  // The recipe's first, so that fields stand in its order: a setting that differs from it in that alone would seem changed.
  return { ...before, ...rest, init: { pretrained: card.name }, ...before };
}

/**
 * Milliseconds that a card's training takes with steps of so many, the measuring after each epoch included; `measured`: how
 * many digits that is.
 */
export function trainingMs({ config }: Card, digits: number, measured: number, stepMs: number): number {
  const { epochs, batch_size }: Training = config.training;
  const steps = Math.ceil(digits / batch_size);
  return epochs * (steps + measured / batch_size / PASSES_OF_LEARNING) * stepMs;
}

/** Values of one config's types, which the lab writes in one order. */
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
