/** The pictures that the numbers of a race are of. */

import type { Config } from '../../engine/generated/types';
import type { Split } from '../../engine/messages';
import type { TestSet } from '../../model/models';

export interface MeasuredSet {
  readonly split: Split;
  /** Index of the first of them in its split; they lie one behind the other. */
  readonly first: number;
  readonly count: number;
  /** Whether they are the test digits rather than held-out ones to tune on. */
  readonly isTest: boolean;
  /** Another name, other pictures. */
  readonly name: string;
}

/** How many pictures there are to learn on, the last of which are held out, and to test on. */
const LEARNT = { mnist: 60_000, own: 60_000, fashion: 20_000 } as const;
const TESTED = 10_000;
const EVALUATED = 10_000;
const VALIDATION = 5_000;

/**
 * Those that the race is measured on; the test digits once they are open. `testSet`: the pictures that this config is tested
 * on.
 */
export function measuredSet(config: Config, testSet: TestSet, isTestOpen: boolean): MeasuredSet {
  const {
    set = 'mnist',
    evaluate_on = 'test',
    evaluated = EVALUATED,
    validation = VALIDATION,
  } = config.data ?? {};
  if (isTestOpen || evaluate_on === 'test') {
    const all = testSet.split === 'own_test' ? testSet.count : TESTED;
    return placed(testSet.split, 0, Math.min(evaluated, all), true, testSet.name);
  }
  const split = set === 'fashion' ? 'fashion' : 'train';
  return placed(split, LEARNT[set] - validation, Math.min(evaluated, validation), false, split);
}

function placed(split: Split, first: number, count: number, isTest: boolean, of: string): MeasuredSet {
  return { split, first, count, isTest, name: `${of} ${first} ${count}` };
}
