/** Two runs' models of one name beside each other: errors, and digit by digit where both were measured on the same digits. */

import type { Data, Record as RunRecord } from '../engine/generated/types';
import { own } from '../model/own';
import { type DigitsApart, digitsApart } from './mcnemar';

/** Where the digits lie that places are counted in. */
export interface Digits {
  readonly split: 'train' | 'test' | 'fashion' | 'fashion_test';
  /** Index of the first of them in its split. */
  readonly first: number;
}

/** Why two models cannot be compared digit by digit. */
export type Apart = 'other_digits' | 'own_digits' | 'no_list';

interface Counted {
  readonly errors: number;
  readonly evaluated: number;
}

export interface ModelComparison {
  readonly model: string;
  readonly a: Counted;
  readonly b: Counted;
  readonly digits: (DigitsApart & Digits) | Apart;
}

/** Of each data set where its pictures lie, and how many there are to learn on; validation digits are the last of those. */
const SETS = {
  mnist: { learnt: 'train', tested: 'test', count: 60_000 },
  fashion: { learnt: 'fashion', tested: 'fashion_test', count: 20_000 },
} as const;

/** Every model that both runs have measured, in the order of the first. */
export function comparedModels(a: RunRecord, b: RunRecord): ModelComparison[] {
  const isTest = a.test !== null && b.test !== null;
  return Object.keys(a.models).flatMap((model) => {
    const [ofA, ofB] = [counted(a, model, isTest), counted(b, model, isTest)];
    if (!ofA || !ofB) return [];
    return [{ model, a: ofA, b: ofB, digits: digitsOf({ a, b, model, isTest }, ofA, ofB) }];
  });
}

/** A model's errors: on the opened test digits where both runs have them, else after its last epoch. */
function counted({ models, test }: RunRecord, model: string, isTest: boolean): Counted | undefined {
  return isTest ? own(test?.models, model) : own(models, model)?.epochs.at(-1);
}

interface Pair {
  readonly a: RunRecord;
  readonly b: RunRecord;
  readonly model: string;
  readonly isTest: boolean;
}

function digitsOf({ a, b, model, isTest }: Pair, ofA: Counted, ofB: Counted): ModelComparison['digits'] {
  const [dataA, dataB] = [a.config.data, b.config.data];
  const [setA, setB] = [dataA?.set ?? 'mnist', dataB?.set ?? 'mnist'];
  // The visitor's pictures of then may be others than those of now.
  if (setA === 'own' || setB === 'own') return 'own_digits';
  const [digits, others] = [placeOf(setA, dataA, isTest), placeOf(setB, dataB, isTest)];
  const isSame = digits.split === others.split && digits.first === others.first;
  if (!isSame || ofA.evaluated !== ofB.evaluated) return 'other_digits';
  const [wrongA, wrongB] = [wrongOf(a, model, isTest), wrongOf(b, model, isTest)];
  if (!wrongA || !wrongB) return 'no_list';
  return { ...digitsApart(wrongA, wrongB), ...digits };
}

function placeOf(set: keyof typeof SETS, data: Data | undefined, isTest: boolean): Digits {
  const { learnt, tested, count } = SETS[set];
  if (isTest || data?.evaluate_on !== 'validation') return { split: tested, first: 0 };
  return { split: learnt, first: count - (data.validation ?? 0) };
}

/** The digits that a model gets wrong; undefined for one whose run ended before they were listed. */
function wrongOf({ models, test }: RunRecord, model: string, isTest: boolean): readonly number[] | undefined {
  if (isTest) return own(test?.models, model)?.wrong;
  const record = own(models, model);
  return record && record.weights_digest !== '' ? record.wrong : undefined;
}
