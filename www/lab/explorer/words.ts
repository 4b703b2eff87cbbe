/** What the explorer says in sentences. */

import { percentText } from '../../charts/softTargetsAxis';
import { exact } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { firstChoice, mostAlike, type SoftTargets } from '../../model/softening';

/** Above this share another digit is not just “a little” like the label. */
const MUCH = 0.2;

/** A temperature with at least one decimal, and all that it has: a link may set one between the slider's steps. */
export function temperatureText(temperature: number): string {
  const text = exact(temperature);
  return Number.isInteger(temperature) ? `${text}.0` : text;
}

/** “This 2 looks a little like a 7 to the teacher: 4.1 % at T = 4.” */
export function alikeSentence(targets: SoftTargets, label: number, model: string): string {
  const other = mostAlike(targets, label);
  const words = {
    label,
    other: String(other.digit),
    probability: percentText(other.probability),
    temperature: exact(targets.temperature),
    model: modelName(model),
  };
  if (firstChoice(targets.probabilities) !== label) return m.explorer_mistaken(words);
  return other.probability > MUCH ? m.explorer_alike_much(words) : m.explorer_alike(words);
}
