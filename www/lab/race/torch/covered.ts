/** What of an experiment the PyTorch script can say exactly; whatever else there is, is told by its place in the config. */

import type { Config, Model, Net, Training, TransferSet } from '../../../engine/generated/types';
import { own } from '../../../model/own';
import { checkpointOf, netOf, tasksOf } from '../../../model/roles';

export interface Uncovered {
  readonly path: string;
  readonly value: unknown;
}

const SOFT = ['cross_entropy', 'kl', 'logit_mse'];

/** Fields of an object that differ from what the script has in their place. */
function differing(
  path: string,
  given: object | null | undefined,
  usual: Readonly<Record<string, unknown>>,
): Uncovered[] {
  return Object.entries(usual).flatMap(([field, value]) => {
    const found = (given as Record<string, unknown> | undefined)?.[field] ?? value;
    return JSON.stringify(found) === JSON.stringify(value)
      ? []
      : [{ path: `${path}.${field}`, value: found }];
  });
}

const ofTransferSet = (path: string, set: TransferSet | null | undefined): Uncovered[] => [
  ...differing(path, set, { jitter_px: 0, unlabelled: 0, label_noise: 0, augment: [], mixup_alpha: 0 }),
  ...(set?.pictures === 'fashion' || set?.pictures === 'own'
    ? [{ path: `${path}.pictures`, value: set.pictures }]
    : []),
];

const ofTraining = (path: string, training: Training | null | undefined): Uncovered[] => [
  ...differing(path, training, { layer_decay: 1, max_norm: null, early_stop: null }),
  ...(training?.optimiser && 'sgd' in training.optimiser
    ? [{ path: `${path}.optimiser`, value: training.optimiser }]
    : []),
];

/** Dropout is of training alone: a teacher that is ready may have some. */
function ofNet(path: string, net: Net | null, learns: boolean): Uncovered[] {
  if (net === null) return [];
  if ('mlp' in net)
    return differing(`${path}.mlp`, net.mlp, { rank: null, auxiliary: 0, ...(learns ? NO_DROPOUT : {}) });
  if ('cnn' in net) return differing(`${path}.cnn`, net.cnn, learns ? NO_DROPOUT : {});
  return [{ path, value: Object.keys(net)[0] }];
}

const NO_DROPOUT = { dropout: 0, input_dropout: 0 };

function ofModel(config: Config, name: string, model: Model): Uncovered[] {
  const path = `models.${name}`;
  const isReady = checkpointOf(config, name) !== null;
  const net = ofNet(`${path}.net`, netOf(config, name), !isReady);
  if (isReady) return net;
  const teachers = model.learns_from ?? [];
  const { objective } = model;
  const soft = objective?.soft ?? 'cross_entropy';
  const isSoft = typeof soft === 'string' && SOFT.includes(soft);
  return [
    ...net,
    ...(model.init && 'derive' in model.init
      ? [{ path: `${path}.init.derive`, value: model.init.derive.from }]
      : []),
    ...(teachers.length > 1
      ? [{ path: `${path}.learns_from`, value: teachers.map((source) => source.model) }]
      : []),
    ...teachers.flatMap((source, i) =>
      checkpointOf(config, source.model) === null
        ? [{ path: `${path}.learns_from[${i}]`, value: source.model }]
        : [],
    ),
    ...differing(path, model, { compress: [], replaces: null }),
    ...(tasksOf(model).join() === 'digit' ? [] : [{ path: `${path}.tasks`, value: tasksOf(model) }]),
    ...differing(`${path}.objective`, objective, { ablation: null, imitates: [] }),
    ...(isSoft ? [] : [{ path: `${path}.objective.soft`, value: soft }]),
    ...ofTransferSet(`${path}.transfer_set`, model.transfer_set),
    ...ofTraining(`${path}.training`, model.training),
  ];
}

/** Nothing: the script says all of it. */
export function uncovered(config: Config): readonly Uncovered[] {
  const models = Object.entries(config.models);
  const all = [
    ...(config.data?.set === 'fashion' ? [{ path: 'data.set', value: config.data.set }] : []),
    ...ofTransferSet('transfer_set', config.transfer_set),
    ...ofTraining('training', config.training),
    ...models.flatMap(([name, model]) => ofModel(config, name, model)),
  ];
  // What a model that is ready would train with, nobody trains with.
  return models.some(([name]) => own(config.models, name) && checkpointOf(config, name) === null) ? all : [];
}
