/** What happens at each stage of a step, in a sentence with its numbers. */

import { probabilityText } from '../../../charts/softTargetsAxis';
import { count, exact, percent, sentences } from '../../../i18n/format';
import { m } from '../../../i18n/messages';
import { choiceName } from '../../../model/choices';
import { norm, softFactor } from '../../../model/digit-loss';
import { modelName } from '../../../model/names';
import { trainingOf } from '../../../model/one-step';
import { comparesLogits, kindOf, softeningOf } from '../../../model/soft-terms';
import { firstChoice, soften } from '../../../model/softening';
import type { Worked } from '../loss-formulas';
import { numberText } from '../number-text';
import type { ShownStep, StageId } from './shown-step';
import { changeOf } from './weights-change';

const WORDS: Readonly<Record<StageId, (step: ShownStep, focused: Worked) => string>> = {
  batch: batchWords,
  logits: logitsWords,
  targets: targetsWords,
  loss: lossWords,
  gradient: gradientWords,
  update: updateWords,
};

export function stageWords(stage: StageId, step: ShownStep): string {
  return WORDS[stage](step, step.before[step.focus]!);
}

const nameOf = ({ classes }: ShownStep, at: number): string => classes[at]?.name ?? '';

function batchWords(step: ShownStep, { asked }: Worked): string {
  const model = modelName(step.stepped.model);
  return m.step_batch({ count: count(step.before.length), model, label: nameOf(step, asked.label) });
}

function logitsWords(step: ShownStep, { asked: { logits, label } }: Worked): string {
  const choice = firstChoice(logits);
  const words = { label: nameOf(step, label), largest: numberText(logits[choice]!) };
  if (choice === label) return m.step_logits_right(words);
  return m.step_logits_wrong({ ...words, choice: nameOf(step, choice), own: numberText(logits[label]!) });
}

function targetsWords(step: ShownStep, { asked, mix, loss: { targets } }: Worked): string {
  const model = modelName(step.stepped.model);
  const label = nameOf(step, asked.label);
  const t = targets ? softeningOf(mix.soft, mix.temperature) : 1;
  const { probabilities: q } = soften(asked.logits, t);
  if (!targets) return m.step_targets_none({ model, label, own: probabilityText(q[asked.label]!) });
  if (comparesLogits(mix.soft)) {
    const [target, own] = [targets[asked.label]!, asked.logits[asked.label]!].map(numberText);
    return m.step_targets_logits({ model, label, target: target!, own: own! });
  }
  const choice = firstChoice(targets);
  if (kindOf(mix.soft) === 'teacher_labels')
    return m.step_targets_first({ model, choice: nameOf(step, choice), own: probabilityText(q[choice]!) });
  const other = firstChoice(targets.map((p, i) => (i === asked.label ? -1 : p)));
  return m.step_targets_soft({
    model,
    label,
    temperature: exact(t),
    target: probabilityText(targets[asked.label]!),
    own: probabilityText(q[asked.label]!),
    other: nameOf(step, other),
    dark: probabilityText(targets[other]!),
    ownDark: probabilityText(q[other]!),
  });
}

function lossWords({ before, meanBefore }: ShownStep, { mix }: Worked): string {
  const words = { count: count(before.length), total: numberText(meanBefore.total) };
  if (meanBefore.soft === null) return m.step_loss_untaught(words);
  return m.step_loss_taught({
    ...words,
    hardFactor: numberText(mix.hardWeight),
    hard: numberText(meanBefore.hard),
    softFactor: numberText(softFactor(mix)),
    soft: numberText(meanBefore.soft),
  });
}

function gradientWords(step: ShownStep, { loss: { gradient } }: Worked): string {
  if (norm(gradient) === 0) return m.step_gradient_none();
  const raised = gradient.indexOf(Math.min(...gradient));
  const lowered = gradient.indexOf(Math.max(...gradient));
  return m.step_gradient({
    raised: nameOf(step, raised),
    lowered: nameOf(step, lowered),
    length: numberText(norm(gradient)),
    count: count(step.before.length),
  });
}

function updateWords({ stepped, meanBefore, meanAfter }: ShownStep): string {
  const { length, moved } = changeOf(stepped.before.weights, stepped.after.weights);
  const words = {
    optimiser: choiceName('Optimiser', trainingOf(stepped.config, stepped.model).optimiser),
    rate: numberText(stepped.rate),
    before: numberText(meanBefore.total),
    after: numberText(meanAfter.total),
    moved: numberText(moved),
    share: percent(moved / length),
  };
  const steps = stepped.told.length;
  const said = steps === 1 ? m.step_update_one(words) : m.step_update_many({ ...words, steps: count(steps) });
  return meanAfter.total > meanBefore.total ? sentences(said, m.step_update_rose()) : said;
}
