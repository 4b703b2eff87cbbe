/** The loss terms of one model by the names people read, and what of its objective the curves and facts show. */

import type {
  Compression,
  Config,
  Imitation,
  Objective,
  Schedule,
  Task,
  Training,
} from '../../engine/generated/types';
import { exact, exactPercent, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { choiceName, fieldLabel } from '../../model/choices';
import { own } from '../../model/own';
import { tasksOf, teachersOf } from '../../model/roles';
import { isConstant, valueAt } from '../../model/schedule';
import { defaultOf, variantOf } from '../../model/schema';
import { compressionWords } from '../words/compression';

export function taskName(task: Task): string {
  return choiceName('Task', task);
}

/** How an imitated term is called: its likeness, and which layer of the teacher goes to which of the student. */
export function imitatedName({ by, layers }: Imitation): string {
  const pairs = layers.map(({ teacher, student }) => `${teacher} → ${student}`).join(', ');
  return m.imitated_term({ likeness: choiceName('Likeness', by), pairs });
}

export function softName(objective: Objective | undefined): string {
  return choiceName('SoftTerm', objective?.soft ?? defaultOf('Objective', 'soft'));
}

/** Whether a model's soft term compares logits: it is in no nats then. */
export function comparesLogits(objective: Objective | undefined): boolean {
  return variantOf('SoftTerm', objective?.soft)?.comparesLogits ?? false;
}

function hasTemperature(objective: Objective | undefined): boolean {
  return variantOf('SoftTerm', objective?.soft)?.hasTemperature ?? true;
}

/** A number of the config over training. */
export interface Curve {
  readonly key: string;
  readonly name: string;
  readonly constant: boolean;
  /** The value at a progress from 0 to 1. */
  readonly at: (progress: number) => number;
}

/** Everything scheduled that plays a part in a model's training, in the order people ask for it. */
export function curvesOf(config: Config, name: string): Curve[] {
  const model = own(config.models, name);
  if (!model) return [];
  const curves: Curve[] = [];
  const add = (key: string, label: string, schedule: Schedule | undefined): void => {
    if (schedule === undefined) return;
    const at = (progress: number): number => valueAt(schedule, progress);
    curves.push({ key, name: label, constant: isConstant(schedule), at });
  };
  if (teachersOf(model).length > 0 && model.objective) {
    const { temperature, hard_weight, soft_weight, imitates = [] } = model.objective;
    if (hasTemperature(model.objective))
      add('temperature', fieldLabel('Objective', 'temperature'), temperature);
    add('hard', fieldLabel('Objective', 'hard_weight'), hard_weight);
    const soft = fieldLabel('Objective', 'soft_weight');
    if (soft_weight !== undefined && soft_weight !== null) add('soft', soft, soft_weight);
    else if (hard_weight !== undefined) {
      const at = (progress: number): number => 1 - valueAt(hard_weight, progress);
      curves.push({ key: 'soft', name: soft, constant: isConstant(hard_weight), at });
    }
    imitates.forEach((imitation, i) => {
      add(`imitation ${i}`, m.schedule_imitation({ term: imitatedName(imitation) }), imitation.weight);
    });
  }
  for (const way of model.compress ?? []) {
    if ('prune' in way && !isConstant(way.prune.kept))
      add('kept', fieldLabel('Prune', 'kept'), way.prune.kept);
  }
  add('rate', fieldLabel('Training', 'learning_rate'), trainingOf(config, name)?.learning_rate);
  return curves;
}

function trainingOf(config: Config, name: string): Training | undefined {
  return own(config.models, name)?.training ?? config.training;
}

type CompressionTerm = 'pruning' | 'lottery-ticket' | 'quantisation' | 'ternary-weights';

/** The glossary's name of a way to hold weights small. */
function termOf(way: Compression): CompressionTerm {
  if ('prune' in way) return typeof way.prune.by === 'object' ? 'lottery-ticket' : 'pruning';
  return 'quantise' in way ? 'quantisation' : 'ternary-weights';
}

export interface Fact {
  readonly term:
    | 'multi-task'
    | 'label-smoothing'
    | 'ablation'
    | 'ensemble'
    | 'augmentation'
    | 'learning-rate'
    | CompressionTerm;
  readonly text: string;
}

/** What else is special about a model's training; ordinary settings say nothing. */
export function factsOf(config: Config, name: string): Fact[] {
  const model = own(config.models, name);
  if (!model) return [];
  const facts: Fact[] = [];
  const add = (term: Fact['term'], type: string, field: string, value: string): void => {
    facts.push({ term, text: m.fact_line({ name: fieldLabel(type, field), value }) });
  };
  const { label_smoothing = 0, ablation } = model.objective ?? {};
  const set = model.transfer_set ?? config.transfer_set ?? {};
  const { unlabelled = 0, label_noise = 0, augment = [], mixup_alpha = 0 } = set;
  const decay = trainingOf(config, name)?.layer_decay ?? 1;
  const tasks = tasksOf(model);
  if (tasks.length > 1) add('multi-task', 'Model', 'tasks', list(tasks.map(taskName)));
  if (teachersOf(model).length > 1)
    add(
      'ensemble',
      'Model',
      'combine',
      choiceName('Combine', model.combine ?? defaultOf('Model', 'combine')),
    );
  if (ablation) add('ablation', 'Objective', 'ablation', choiceName('Ablation', ablation));
  if (label_smoothing > 0) add('label-smoothing', 'Objective', 'label_smoothing', exact(label_smoothing));
  if (unlabelled > 0) add('augmentation', 'TransferSet', 'unlabelled', exactPercent(unlabelled));
  if (label_noise > 0) add('augmentation', 'TransferSet', 'label_noise', exactPercent(label_noise));
  if (augment.length > 0)
    add('augmentation', 'TransferSet', 'augment', list(augment.map(({ by }) => choiceName('Change', by))));
  if (mixup_alpha > 0) add('augmentation', 'TransferSet', 'mixup_alpha', exact(mixup_alpha));
  for (const way of model.compress ?? []) add(termOf(way), 'Model', 'compress', compressionWords(way));
  if (decay !== 1) add('learning-rate', 'Training', 'layer_decay', exact(decay));
  return facts;
}
