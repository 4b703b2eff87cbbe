/** What the explorer says in sentences. */

import { percentText } from '../../charts/softTargetsAxis';
import { m } from '../../i18n/messages';
import { modelName } from '../race/names';
import { firstChoice, mostAlike, type SoftTargets } from './softening';

/** Above this share another digit is not just “a little” like the label. */
const MUCH = 0.2;

/** A temperature with the decimals its steps have. */
export function temperatureText(temperature: number): string {
  const hundredths = Math.round(temperature * 100);
  return (hundredths / 100).toFixed(hundredths % 10 === 0 ? 1 : 2);
}

/** “This 2 looks a little like a 7 to the teacher: 4.1 % at T = 4.” */
export function alikeSentence(targets: SoftTargets, label: number, model: string): string {
  const other = mostAlike(targets, label);
  const words = {
    label,
    other: String(other.digit),
    probability: percentText(other.probability),
    temperature: String(targets.temperature),
    model: modelName(model),
  };
  if (firstChoice(targets.probabilities) !== label) return m.explorer_mistaken(words);
  return other.probability > MUCH ? m.explorer_alike_much(words) : m.explorer_alike(words);
}
