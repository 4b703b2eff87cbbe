/** The loss terms of one model by the names people read, and what of its objective the curves and facts show. */

import type { Config, Imitation, Objective, Schedule, Task, Training } from '../../engine/generated/types';
import { exact, exactPercent, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { own } from '../../model/own';
import { tasksOf, teachersOf } from '../../model/roles';
import { isConstant, valueAt } from '../../model/schedule';

const LIKENESSES: Readonly<Record<string, () => string>> = {
  hint: m.likeness_hint,
  patient: m.likeness_patient,
  cosine: m.likeness_cosine,
  hidden_states: m.likeness_hidden_states,
  attention_scores: m.likeness_attention_scores,
  attention_divergence: m.likeness_attention_divergence,
  value_relations: m.likeness_value_relations,
  distances: m.likeness_distances,
  angles: m.likeness_angles,
  auxiliary_logits: m.likeness_auxiliary_logits,
  projected_weights: m.likeness_projected_weights,
};

const TASKS: Readonly<Record<Task, () => string>> = {
  digit: m.task_digit,
  parity: m.task_parity,
  below_five: m.task_below_five,
};

export function taskName(task: Task): string {
  return TASKS[task]();
}

/** How an imitated term is called: its likeness, and which layer of the teacher goes to which of the student. */
export function imitatedName({ by, layers }: Imitation): string {
  const pairs = layers.map(({ teacher, student }) => `${teacher} → ${student}`).join(', ');
  return m.imitated_term({ likeness: own(LIKENESSES, by)?.() ?? by, pairs });
}

export function softName(objective: Objective | undefined): string {
  switch (objective?.soft) {
    case 'kl':
      return m.loss_kl();
    case 'logit_mse':
      return m.loss_logit_mse();
    case 'cross_entropy':
    case undefined:
      return m.loss_soft_targets();
    default:
      return m.loss_decoupled();
  }
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
    if (model.objective.soft !== 'logit_mse') add('temperature', m.schedule_temperature(), temperature);
    add('hard', m.schedule_hard(), hard_weight);
    if (soft_weight !== undefined && soft_weight !== null) add('soft', m.schedule_soft(), soft_weight);
    else if (hard_weight !== undefined) {
      const at = (progress: number): number => 1 - valueAt(hard_weight, progress);
      curves.push({ key: 'soft', name: m.schedule_soft(), constant: isConstant(hard_weight), at });
    }
    imitates.forEach((imitation, i) => {
      add(`imitation ${i}`, m.schedule_imitation({ term: imitatedName(imitation) }), imitation.weight);
    });
  }
  add('rate', m.schedule_rate(), trainingOf(config, name)?.learning_rate);
  return curves;
}

function trainingOf(config: Config, name: string): Training | undefined {
  return own(config.models, name)?.training ?? config.training;
}

export interface Fact {
  readonly term:
    | 'multi-task'
    | 'label-smoothing'
    | 'ablation'
    | 'ensemble'
    | 'augmentation'
    | 'learning-rate';
  readonly text: string;
}

const ABLATIONS = {
  permute_wrong_classes: m.ablation_permute_wrong_classes,
  confidence_only: m.ablation_confidence_only,
} as const;

/** What else is special about a model's training; ordinary settings say nothing. */
export function factsOf(config: Config, name: string): Fact[] {
  const model = own(config.models, name);
  if (!model) return [];
  const facts: Fact[] = [];
  const add = (term: Fact['term'], label: string, value: string): void => {
    facts.push({ term, text: m.fact_line({ name: label, value }) });
  };
  const { label_smoothing = 0, ablation } = model.objective ?? {};
  const digits = model.transfer_set ?? config.transfer_set;
  const decay = trainingOf(config, name)?.layer_decay ?? 1;
  const tasks = tasksOf(model);
  if (tasks.length > 1) add('multi-task', m.fact_tasks(), list(tasks.map(taskName)));
  if (teachersOf(model).length > 1) {
    const combine =
      model.combine === 'mean_of_logits' ? m.combine_mean_of_logits : m.combine_mean_of_probabilities;
    add('ensemble', m.fact_ensemble(), combine());
  }
  if (ablation) add('ablation', m.fact_ablation(), ABLATIONS[ablation]());
  if (label_smoothing > 0) add('label-smoothing', m.fact_smoothing(), exact(label_smoothing));
  if ((digits?.unlabelled ?? 0) > 0)
    add('augmentation', m.fact_unlabelled(), exactPercent(digits?.unlabelled ?? 0));
  if ((digits?.augment ?? []).length > 0) facts.push({ term: 'augmentation', text: m.fact_changed() });
  if (decay !== 1) add('learning-rate', m.fact_layer_decay(), exact(decay));
  return facts;
}
