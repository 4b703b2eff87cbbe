/** What the page says about sets of the visitor's own pictures. */

import type { OwnLook, Reading, Symmetry } from '../../engine/generated/types';
import { count, list, percent, sentences } from '../../i18n/format';
import { m } from '../../i18n/messages';

/** Below this share of labels agreed with, and without a better reading, something else is wrong with the pair. */
const HARDLY = 0.5;

const SYMMETRIES: Readonly<Record<Exclude<Symmetry, 'upright'>, () => string>> = {
  transposed: m.reading_transposed,
  mirrored: m.reading_mirrored,
  flipped: m.reading_flipped,
  turned_right: m.reading_turned_right,
  turned_left: m.reading_turned_left,
  upside_down: m.reading_upside_down,
  antitransposed: m.reading_antitransposed,
};

/** What is done to the pictures, as a list. */
export function readingsText(readings: readonly Reading[]): string {
  const parts = readings.flatMap(({ symmetry, inverted, stretched }) => [
    symmetry === 'upright' ? null : SYMMETRIES[symmetry](),
    inverted ? m.reading_inverted() : null,
    stretched ? m.reading_stretched() : null,
  ]);
  return list(parts.filter((part) => part !== null));
}

/** The share of labels that the teacher agrees with, and what it would be if the pictures were read another way. */
export function agreementText({ looked_at, agreed, better }: OwnLook): string {
  const told = m.own_agreement({ share: shareText(agreed, looked_at), count: count(looked_at) });
  if (better) {
    const readings = readingsText([better.reading]);
    return sentences(told, m.own_better({ readings, share: shareText(better.agreed, looked_at) }));
  }
  return agreed < HARDLY * looked_at ? sentences(told, m.own_no_better()) : told;
}

/** A share in whole per cent; with a decimal where that would say all or none and it is not so. */
function shareText(part: number, whole: number): string {
  const rounded = Math.round((100 * part) / whole);
  const isOff = (rounded === 100 && part < whole) || (rounded === 0 && part > 0);
  return percent(part / whole, isOff ? 1 : 0);
}
