/** What kinds of steps, comparisons and conditions are called. */

import { exact } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { COMPARISONS, type Comparison, type Condition, type Step } from '../../lessons/lesson';
import { own } from '../../model/own';
import type { Json } from '../../model/paths';
import { factLabel } from './fact-list';

export const KIND_NAMES: Readonly<Record<Step['kind'], () => string>> = {
  read: m.maker_kind_read,
  predict: m.maker_kind_predict,
  do: m.maker_kind_do,
  reveal: m.maker_kind_reveal,
};

export function kindName(kind: Json | undefined): string {
  return own(KIND_NAMES, String(kind))?.() ?? String(kind ?? '');
}

export const COMPARISON_NAMES: Readonly<Record<Comparison, () => string>> = {
  is: m.maker_is,
  at_least: m.maker_at_least,
  at_most: m.maker_at_most,
  above: m.maker_above,
  below: m.maker_below,
};

/** What a fact is, as a control or a sentence of the page that makes lessons writes it. */
export function valueText(value: Json | undefined): string {
  if (value === null || value === undefined) return '…';
  if (typeof value === 'boolean') return value ? m.maker_yes() : m.maker_no();
  return typeof value === 'number' ? exact(value) : String(value);
}

/** “T of the slider: at least 8”. */
export function conditionWords(condition: Condition): string {
  const relations = COMPARISONS.flatMap((comparison) => {
    const bound = condition[comparison];
    return bound === undefined ? [] : [`${COMPARISON_NAMES[comparison]()} ${valueText(bound)}`];
  });
  return m.maker_condition({ fact: factLabel(condition.fact), relation: relations.join(', ') });
}
