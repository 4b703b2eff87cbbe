/** What the terms of the glossary mean, in each language, by subject. */

import { INSIDE } from './definitions/inside';
import { MEASURING } from './definitions/measuring';
import { ROLES } from './definitions/roles';
import { SMALL } from './definitions/small';
import { TARGETS } from './definitions/targets';
import { TRAINING } from './definitions/training';
import type { GlossaryLocale, TermId } from './glossary';

/** A formula is the same in all languages. */
export type Definition = Readonly<Record<GlossaryLocale, string>> & { readonly formula?: string };

export const DEFINITIONS: Readonly<Record<TermId, Definition>> = {
  ...ROLES,
  ...TARGETS,
  ...INSIDE,
  ...TRAINING,
  ...SMALL,
  ...MEASURING,
};
