/** The script as it is taken away: the template with what was raced in it. */

import type { Config, LossTerms } from '../../../engine/generated/types';
import template from './experiment.py?raw';

export interface Begun {
  readonly config: Config;
  /** Of each trained model, step by step. */
  readonly first_losses: Readonly<Record<string, readonly LossTerms[]>>;
  /** Teachers whose logits are rounded to half precision before a student sees them. */
  readonly half_logits: readonly string[];
  readonly made_by: string;
}

const PLACE = /(?<=json\.loads\(r""").*(?="""\))/;

/** JSON never has three quotes in a row, so it ends no raw string. */
export const scriptText = (begun: Begun): string => template.replace(PLACE, () => JSON.stringify(begun));
