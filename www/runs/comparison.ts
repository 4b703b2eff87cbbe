/** Two runs' models of one name beside each other: errors, and digit by digit where both were measured on the same digits. */

import type { Data, Record as RunRecord } from '../engine/generated/types';
import { own } from '../model/own';
import { type DigitsApart, digitsApart } from './mcnemar';

/** Where the digits lie that places are counted in. */
export interface Digits {
  readonly split: 'train' | 'test';
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

const TRAINING_DIGITS = 60_000;

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
  // The visitor's pictures of then may be others than those of now.
  if (dataA?.set === 'own' || dataB?.set === 'own') return 'own_digits';
  const [digits, others] = [placeOf(dataA, isTest), placeOf(dataB, isTest)];
  const isSame = digits.split === others.split && digits.first === others.first;
  if (!isSame || ofA.evaluated !== ofB.evaluated) return 'other_digits';
  const [wrongA, wrongB] = [wrongOf(a, model, isTest), wrongOf(b, model, isTest)];
  if (!wrongA || !wrongB) return 'no_list';
  return { ...digitsApart(wrongA, wrongB), ...digits };
}

/** Validation digits are the last of those to learn on. */
function placeOf(data: Data | undefined, isTest: boolean): Digits {
  if (isTest || data?.evaluate_on !== 'validation') return { split: 'test', first: 0 };
  return { split: 'train', first: TRAINING_DIGITS - (data.validation ?? 0) };
}

/** The digits that a model gets wrong; undefined for one whose run ended before they were listed. */
function wrongOf({ models, test }: RunRecord, model: string, isTest: boolean): readonly number[] | undefined {
  if (isTest) return own(test?.models, model)?.wrong;
  const record = own(models, model);
  return record && record.weights_digest !== '' ? record.wrong : undefined;
}
