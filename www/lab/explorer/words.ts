/** What the explorer says in sentences. */

import { probabilityText } from '../../charts/softTargetsAxis';
import { exact } from '../../i18n/format';
import { m } from '../../i18n/messages';
import type { ClassName } from '../../model/class-names';
import { modelName } from '../../model/names';
import { firstChoice, mostAlike, type SoftTargets } from '../../model/softening';

/** Above this share another digit is not just “a little” like the label. */
const MUCH = 0.2;

const nameIn = (classes: readonly ClassName[], label: number): string =>
  classes[label]?.name ?? String(label);

/** “This 2 looks a little like a 7 to the teacher: 4.1 % at T = 4.” */
export function alikeSentence(
  targets: SoftTargets,
  label: number,
  model: string,
  classes: readonly ClassName[],
): string {
  const other = mostAlike(targets, label);
  const words = {
    label: nameIn(classes, label),
    other: nameIn(classes, other.digit),
    probability: probabilityText(other.probability, targets.logProbabilities[other.digit]),
    temperature: exact(targets.temperature),
    model: modelName(model),
  };
  if (firstChoice(targets.probabilities) !== label) return m.explorer_mistaken(words);
  return other.probability > MUCH ? m.explorer_alike_much(words) : m.explorer_alike(words);
}

/** “The teacher reads your drawing as a 7: 98 % at T = 4. After that it looks most like a 1: 1.2 %.” */
export function drawnSentence(targets: SoftTargets, model: string, classes: readonly ClassName[]): string {
  const first = firstChoice(targets.probabilities);
  const next = mostAlike(targets, first).digit;
  const figure = (digit: number): string =>
    probabilityText(targets.probabilities[digit]!, targets.logProbabilities[digit]);
  return m.explorer_drawn({
    model: modelName(model),
    temperature: exact(targets.temperature),
    first: nameIn(classes, first),
    probability: figure(first),
    next: nameIn(classes, next),
    rest: figure(next),
  });
}
