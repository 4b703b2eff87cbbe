/** Conditions for a step “from what just happened”: facts that have changed since then, each with a relation that holds now. */

import type { Value } from '../../lessons/facts';
import type { Condition } from '../../lessons/lesson';

/** Facts and their values at some moment. */
export type Values = ReadonlyMap<string, Value>;

export interface Proposal {
  readonly condition: Condition;
  /** Whether the fact is another one than it was. */
  readonly isNew: boolean;
}

/** Whether a fact counts or measures something, of which more or less than now would do as well. */
const isNumber = (value: Value | undefined): value is number => typeof value === 'number';

/** Names of digits and classes are numbers of which the next one is not “more”. */
const NAMES_ONE = /^(?:view\.(?:digit|only|like)|digit\.(?:index|label|first|other))$/;

function conditionOf(fact: string, before: Value | undefined, now: Exclude<Value, null>): Condition {
  if (!isNumber(now) || NAMES_ONE.test(fact)) return { fact, is: now };
  const isDown = isNumber(before) && now < before;
  return isDown ? { fact, at_most: now } : { fact, at_least: now };
}

/** A sentence is told, and waited for by nobody; how a race is set follows from the settings. */
const UNTOLD = /^(?:race\.verdict_words|race\.evaluated\.|race\.setting\.)/;

/** Every setting stands as it stands; one that nobody has changed is nothing to wait for. */
const SETTING = /^(?:recipe$|setting\.|race\.state$)/;

/**
 * First what has changed, then what stands; nothing is new where there is no before. Facts that nothing is known of are left
 * out, and events that have not come.
 */
export function proposals(before: Values, now: Values): Proposal[] {
  const found = [...now].flatMap(([fact, value]): Proposal[] => {
    if (value === null || UNTOLD.test(fact) || (fact.startsWith('event.') && value === 0)) return [];
    const isNew = before.size > 0 && before.get(fact) !== value;
    if (!isNew && SETTING.test(fact)) return [];
    return [{ condition: conditionOf(fact, before.get(fact), value), isNew }];
  });
  return [...found.filter(({ isNew }) => isNew), ...found.filter(({ isNew }) => !isNew)];
}
