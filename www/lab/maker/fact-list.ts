/** Every fact that there is for an experiment, by what it is about and what people call it. */

import type { Config } from '../../engine/generated/types';
import { m } from '../../i18n/messages';
import { EVENTS, KEPT, SINGLE_FACTS } from '../../lessons/facts';
import { modelName } from '../../model/names';
import { own } from '../../model/own';
import { isBranch, type Json } from '../../model/paths';
import { CLASSES } from '../../model/softening';
import { fieldWords } from '../../runs/difference-words';

export type FactGroup = 'view' | 'digit' | 'race' | 'event' | 'setting' | 'kept';

export const GROUP_NAMES: Readonly<Record<FactGroup, () => string>> = {
  view: m.fact_group_view,
  digit: m.fact_group_digit,
  race: m.fact_group_race,
  event: m.fact_group_event,
  setting: m.fact_group_setting,
  kept: m.fact_group_kept,
};

const SINGLE: Readonly<Record<string, () => string>> = {
  recipe: m.fact_recipe,
  'view.t': m.fact_view_t,
  'view.digit': m.fact_view_digit,
  'view.sort': m.fact_view_sort,
  'view.only': m.fact_view_only,
  'view.like': m.fact_view_like,
  'digit.index': m.fact_digit_index,
  'digit.label': m.fact_digit_label,
  'digit.first': m.fact_digit_first,
  'digit.other': m.fact_digit_other,
  'digit.other_share': m.fact_digit_other_share,
  'digit.other_share_at_1': m.fact_digit_other_share_at_1,
  'digit.label_share': m.fact_digit_label_share,
  'digit.label_share_at_1': m.fact_digit_label_share_at_1,
  'digit.entropy': m.fact_digit_entropy,
  'race.state': m.fact_race_state,
  'race.complete': m.fact_race_complete,
  'race.epochs': m.fact_race_epochs,
  'race.verdict': m.fact_race_verdict,
  'race.verdict_words': m.fact_race_verdict_words,
};

const EVENT_NAMES: Readonly<Record<string, () => string>> = {
  started: m.fact_event_started,
  epoch: m.fact_event_epoch,
  model_done: m.fact_event_model_done,
  test_opened: m.fact_event_test_opened,
  done: m.fact_event_done,
};

/** What is told of each model. */
const OF_MODEL = [
  'race.errors.',
  'race.evaluated.',
  'race.teachers_errors.',
  'race.calibration.',
  'race.bytes.',
  'cost.weights.',
  'cost.multiply_adds.',
];

/** By how a name begins; what follows says which. */
const MANY: readonly (readonly [string, (rest: string) => string])[] = [
  ['race.setting.', (path) => m.fact_race_setting({ field: fieldWords(path) })],
  ['setting.', (path) => fieldWords(path)],
  ['race.errors.', (model) => m.fact_race_errors({ model: modelName(model) })],
  ['race.evaluated.', (model) => m.fact_race_evaluated({ model: modelName(model) })],
  ['race.teachers_errors.', (model) => m.fact_race_teachers_errors({ model: modelName(model) })],
  ['race.calibration.', (model) => m.fact_race_calibration({ model: modelName(model) })],
  ['race.bytes.', (model) => m.fact_race_bytes({ model: modelName(model) })],
  ['cost.weights.', (model) => m.fact_cost_weights({ model: modelName(model) })],
  ['cost.multiply_adds.', (model) => m.fact_cost_multiply_adds({ model: modelName(model) })],
  ['race.fewer.', (pair) => m.fact_race_fewer(ofPair(pair))],
  ['race.verdict_of.', (pair) => m.fact_race_verdict_of(ofPair(pair))],
  ['digit.share_at_1.', (digit) => m.fact_digit_share_at_1({ digit })],
  ['digit.share.', (digit) => m.fact_digit_share({ digit })],
  ['event.', (type) => own(EVENT_NAMES, type)?.() ?? type],
  [KEPT, (name) => m.fact_kept({ name })],
];

function ofPair(pair: string): { a: string; b: string } {
  const [a = '', b = ''] = pair.split('.').map(modelName);
  return { a, b };
}

/** What a fact is called; one that nobody knows keeps its own name. */
export function factLabel(fact: string): string {
  const single = own(SINGLE, fact);
  if (single) return single();
  const many = MANY.find(([prefix]) => fact.startsWith(prefix));
  return many ? many[1](fact.slice(many[0].length)) : fact;
}

/** The fields of a config that are no structure, by their paths. The version of its format is nobody's setting. */
export function leavesOf(json: Json | undefined, path = ''): string[] {
  if (!isBranch(json) || Object.keys(json).length === 0) return path === '' ? [] : [path];
  const entries = Object.entries(json).filter(([key]) => path !== '' || key !== 'version');
  return entries.flatMap(([key, value]) => leavesOf(value, path === '' ? key : `${path}.${key}`));
}

/** Facts by group. `kept`: names that steps before have kept. */
export function factList(
  config: Config | null,
  kept: readonly string[],
): Readonly<Record<FactGroup, readonly string[]>> {
  const models = Object.keys(config?.models ?? {});
  const digits = Array.from({ length: CLASSES }, (_, digit) => digit);
  const pairs = models.flatMap((a) => models.filter((b) => a !== b).map((b) => `${a}.${b}`));
  const single = (group: string): string[] => SINGLE_FACTS.filter((fact) => fact.startsWith(`${group}.`));
  return {
    view: single('view'),
    digit: [
      ...single('digit'),
      ...digits.map((digit) => `digit.share.${digit}`),
      ...digits.map((digit) => `digit.share_at_1.${digit}`),
    ],
    race: [
      ...single('race'),
      ...models.flatMap((model) => OF_MODEL.map((prefix) => `${prefix}${model}`)),
      ...pairs.flatMap((pair) => [`race.fewer.${pair}`, `race.verdict_of.${pair}`]),
    ],
    event: EVENTS.map((type) => `event.${type}`),
    setting: ['recipe', ...leavesOf(config as unknown as Json).map((path) => `setting.${path}`)],
    kept: kept.map((name) => `${KEPT}${name}`),
  };
}
