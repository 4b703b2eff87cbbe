/** What the parts of the page are called that a lesson may hide or lead to. */

import { m } from '../../i18n/messages';
import type { Part } from '../../lessons/lesson';

export const PART_NAMES: Readonly<Record<Part, () => string>> = {
  explorer: m.section_see,
  bars: m.part_bars,
  race: m.section_race,
  settings: m.settings_title,
  step: m.step_title,
  try: m.section_try,
  sweep: m.section_sweep,
};
