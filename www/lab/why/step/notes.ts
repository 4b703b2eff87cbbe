/** What is not as in the race, and why a step cannot be shown. */

import { count } from '../../../i18n/format';
import { m } from '../../../i18n/messages';
import { choiceName } from '../../../model/choices';
import { modelName } from '../../../model/names';
import { type Obstacle, steadyNet } from '../../../model/one-step';
import { own } from '../../../model/own';
import { netOf } from '../../../model/roles';
import type { TransferPictures } from '../transfer-pictures';
import type { Stepped } from './stepped-model.svelte';

const OBSTACLES = {
  not_trained: m.step_not_trained,
  held_small: m.step_held_small,
  several_tasks: m.step_several_tasks,
  replaces: m.step_replaces,
} as const;

export function obstacleWords({ why, model }: Obstacle): string {
  return OBSTACLES[why]({ model: modelName(model) });
}

export function notesOf(stepped: Stepped, { set, hasClasses }: TransferPictures): string[] {
  const { config, model, digits, fromRace, progress, mix } = stepped;
  const { imitates = [], ablation } = own(config.models, model)?.objective ?? {};
  const { jitter_px = 0, augment = [], mixup_alpha = 0, label_noise = 0, unlabelled = 0 } = set;
  const net = netOf(config, model);
  const notes: readonly (readonly [boolean, string])[] = [
    [true, fromRace ? m.step_note_race() : m.step_note_first()],
    [true, m.step_note_apart({ count: count(digits.length) })],
    [progress >= 1, m.step_note_rate()],
    [net !== null && steadyNet(net).isChanged, m.step_note_steady()],
    [imitates.length > 0, m.step_note_layers()],
    [mix.hardWeight === 0 && mix.softWeight === 0, m.step_note_weightless()],
    [ablation != null, m.why_note_ablation({ name: ablation ? choiceName('Ablation', ablation) : '' })],
    [jitter_px > 0 || augment.length > 0 || mixup_alpha > 0, m.why_note_changed()],
    [label_noise > 0 || unlabelled > 0, m.why_note_labels()],
    [!hasClasses, m.why_note_no_classes()],
  ];
  return notes.flatMap(([holds, words]) => (holds ? [words] : []));
}
