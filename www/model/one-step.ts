/**
 * One step of a model as an experiment of its own: on a few pictures that an engine is given, from weights of now, with the mix of
 * losses and the step size of now. Every step of it is an epoch.
 */

import type { Config, Model, Net, Objective, Training } from '../engine/generated/types';
import type { OwnTeacher } from '../engine/own-teacher';
import type { SteppedExperiment } from '../engine/stepper';
import { type LossMix, mixAt } from './digit-loss';
import { freeName } from './family';
import { own } from './own';
import { checkpointOf, derivedFrom, digitModels, netOf, tasksOf, teachersOf } from './roles';
import { valueAt } from './schedule';

/** As many steps as an experiment may have epochs. */
export const MOST_STEPS = 500;

/** Models that take steps and tell digits, in the config's order. */
export function steppingModels(config: Config | null): string[] {
  return digitModels(config).filter((name) => {
    const init = own(config?.models, name)?.init;
    return checkpointOf(config, name) === null && !(init && 'derive' in init && init.derive.frozen);
  });
}

/** Why a step cannot be shown: what its engine would need and the page does not have. */
export type Obstacle =
  | { readonly why: 'held_small' | 'several_tasks'; readonly model: string }
  | { readonly why: 'replaces'; readonly model: string }
  | { readonly why: 'not_trained'; readonly model: string };

/** What a race has come to. */
export interface Stand {
  readonly trained: ReadonlySet<string>;
  /** Whether the model has taken a step of the race. */
  readonly hasBegun: boolean;
}

export function obstacleOf(config: Config, model: string, { trained, hasBegun }: Stand): Obstacle | null {
  const spec = own(config.models, model);
  const teachers = teachersOf(spec);
  const absent = teachers.find((name) => checkpointOf(config, name) === null && !trained.has(name));
  if (absent !== undefined) return { why: 'not_trained', model: absent };
  const small = [model, ...teachers].find((name) => (own(config.models, name)?.compress ?? []).length > 0);
  if (small !== undefined) return { why: 'held_small', model: small };
  const busy = [model, ...teachers].find((name) => tasksOf(own(config.models, name)).length > 1);
  if (busy !== undefined) return { why: 'several_tasks', model: busy };
  if (spec?.replaces) return { why: 'replaces', model };
  const source = derivedFrom(spec);
  return source !== null && !hasBegun ? { why: 'not_trained', model: source } : null;
}

/** The rate of a step now; after the last step, which may have been of rate 0, the first one's. */
export function rateNow(training: Training, progress: number): number {
  return valueAt(training.learning_rate, progress < 1 ? progress : 0);
}

export const trainingOf = (config: Config, model: string): Training =>
  own(config.models, model)?.training ?? config.training;

/** Settings of networks that are of training alone, and leave something out at random. */
export const RANDOM = ['dropout', 'input_dropout', 'layer_drop'] as const;

/** The network without what is left out at random: its logits are then those that its loss is of. */
export function steadyNet(net: Net): { readonly net: Net; readonly isChanged: boolean } {
  const [[kind, spec] = ['mlp', {}]] = Object.entries(net) as [string, Record<string, unknown>][];
  const random = RANDOM.filter((name) => typeof spec[name] === 'number' && spec[name] !== 0);
  const rest = Object.fromEntries(Object.entries(spec).filter(([name]) => !random.includes(name as never)));
  return { net: { [kind]: rest } as unknown as Net, isChanged: random.length > 0 };
}

/** What an experiment of steps is made of. */
export interface StepSpec {
  readonly config: Config;
  readonly model: string;
  readonly digits: number;
  readonly mix: LossMix;
  readonly rate: number;
  readonly progress: number;
}

/** Of models that nobody teaches. */
const NOBODYS: Objective = { hard_weight: 1, soft: 'cross_entropy', temperature: 1, t_squared: true };

function bare({ config, digits }: Pick<StepSpec, 'config' | 'digits'>): Omit<Config, 'models'> {
  return {
    version: 1,
    seed: config.seed,
    // Measures are taken after each epoch, and nobody looks at them.
    data: { set: 'mnist', validation: 0, evaluate_on: 'test', evaluated: 1 },
    transfer_set: { pictures: 'own', digits, leave_out: [], jitter_px: 0 },
    training: { ...config.training, epochs: MOST_STEPS, batch_size: digits, early_stop: null },
  };
}

/** The model whose start a model has: itself, or where a chain of `same_as` ends. */
function startOf(config: Config, model: string): string {
  const seen = new Set<string>();
  let name = model;
  for (;;) {
    seen.add(name);
    const init = own(config.models, name)?.init;
    if (!init || !('same_as' in init) || seen.has(init.same_as)) return name;
    name = init.same_as;
  }
}

/** An experiment whose one model has the first weights of a model: they are drawn from the seed and a name. */
export function firstWeightsOf({ config, model, digits }: Pick<StepSpec, 'config' | 'model' | 'digits'>): {
  readonly experiment: SteppedExperiment;
  readonly name: string;
} {
  const name = startOf(config, model);
  const { init } = config.models[name]!;
  const net = netOf(config, model)!;
  const kept = init && 'seed' in init ? { init } : {};
  const models = { [name]: { net, objective: NOBODYS, ...kept } };
  return { experiment: { config: { ...bare({ config, digits }), models }, checkpoints: [] }, name };
}

/** An experiment in which the model goes on from given weights, and the name under which those stay as they are. */
export function stepsOf(
  spec: StepSpec,
  weights: Uint8Array<ArrayBuffer>,
  ofTeachers: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): { readonly experiment: SteppedExperiment; readonly start: string } {
  const { config, model } = spec;
  const start = freeName(config, 'start');
  const { net } = steadyNet(netOf(config, model)!);
  const teachers = teachersOf(own(config.models, model)).map((name) => {
    const checkpoint = checkpointOf(config, name) ?? `step ${name}`;
    return { name, checkpoint, net: netOf(config, name)!, bytes: ofTeachers.get(name) };
  });
  const checkpoints: OwnTeacher[] = [
    { name: `step ${start}`, net, bytes: weights },
    ...teachers.flatMap(({ checkpoint, net: of, bytes }) =>
      bytes ? [{ name: checkpoint, net: of, bytes }] : [],
    ),
  ];
  const still = (of: Net, checkpoint: string): Model => ({
    net: of,
    objective: NOBODYS,
    init: { pretrained: checkpoint },
  });
  const models = {
    ...Object.fromEntries(teachers.map(({ name, net: of, checkpoint }) => [name, still(of, checkpoint)])),
    [start]: still(net, `step ${start}`),
    [model]: learner(spec, net, start),
  };
  return { experiment: { config: { ...bare({ config, digits: spec.digits }), models }, checkpoints }, start };
}

function learner({ config, model, digits, mix, rate, progress }: StepSpec, net: Net, start: string): Model {
  const { learns_from = [], combine, objective } = config.models[model]!;
  return {
    net,
    init: { derive: { from: start, by: 'copy' } },
    learns_from,
    ...(combine ? { combine } : {}),
    objective: objectiveNow(objective, mix, progress),
    training: {
      ...trainingOf(config, model),
      epochs: MOST_STEPS,
      batch_size: digits,
      learning_rate: rate,
      early_stop: null,
    },
  };
}

function objectiveNow(objective: Objective, mix: LossMix, progress: number): Objective {
  const { imitates = [], ablation: _, ...rest } = objective;
  return {
    ...rest,
    hard_weight: mix.hardWeight,
    soft_weight: mix.softWeight,
    temperature: mix.temperature,
    imitates: imitates.map((one) => ({ ...one, weight: valueAt(one.weight, progress) })),
  };
}

/** The mix of a model's losses now; pictures whose labels are no digits have none to learn from. */
export function mixNow(spec: Model, progress: number, hasClasses: boolean): LossMix {
  const mix = mixAt(spec, progress);
  return hasClasses ? mix : { ...mix, hardWeight: 0 };
}
