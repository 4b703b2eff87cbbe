/** What is known of the recipes: texts and figures. A chunk of its own, which no first visit waits for. */

import methods from '../../../docs/records/methods.json';
import type { Locale } from '../../i18n/locale.svelte';
import claims from './claims.json';
import type { Measured } from './measured';

type Text = Readonly<Record<Locale, string>>;

export interface Known {
  /** What its source says it does, with a published figure where there is one. */
  readonly claim: Text;
  /** What to change to see more. */
  readonly next: Text;
  /** Null where it has not been run over several seeds. */
  readonly measured: Measured | null;
}

const TEXTS: Readonly<Record<string, Pick<Known, 'claim' | 'next'>>> = claims;
const MEASURED: readonly Measured[] = methods;

export function knownOf(recipe: string): Known | null {
  const texts = Object.hasOwn(TEXTS, recipe) ? TEXTS[recipe] : undefined;
  return texts ? { ...texts, measured: MEASURED.find((one) => one.recipe === recipe) ?? null } : null;
}
