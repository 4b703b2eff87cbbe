import { expect, test } from 'vitest';
import type { Record as RunRecord } from '../engine/generated/types';
import { comparedModels } from './comparison';

interface Given {
  readonly data?: object;
  readonly wrong?: readonly number[];
  readonly evaluated?: number;
  readonly test?: readonly number[];
  readonly isWhole?: boolean;
}

function record({
  data = {},
  wrong = [1, 2],
  evaluated = 100,
  test: tested,
  isWhole = true,
}: Given): RunRecord {
  const student = {
    weights_digest: isWhole ? 'ab' : '',
    epochs: [{ epoch: 1, errors: wrong.length, evaluated }],
    wrong: isWhole ? wrong : [],
  };
  const opened = tested && {
    models: { student: { errors: tested.length, evaluated: 10_000, wrong: tested } },
  };
  return {
    config: { data: { set: 'mnist', evaluate_on: 'validation', validation: 5000, ...data } },
    models: { student },
    test: opened ?? null,
  } as unknown as RunRecord;
}

const digitsOf = (a: Given, b: Given) => comparedModels(record(a), record(b))[0]?.digits;

test('validation digits lie at the end of those to learn on', () => {
  const compared = comparedModels(record({ wrong: [1, 2] }), record({ wrong: [2, 3, 4] }));
  expect(compared).toMatchObject([
    {
      model: 'student',
      a: { errors: 2, evaluated: 100 },
      b: { errors: 3, evaluated: 100 },
      digits: { split: 'train', first: 55_000, onlyA: [1], onlyB: [3, 4], both: 1 },
    },
  ]);
});

test('opened test digits count where both runs have them', () => {
  expect(digitsOf({ test: [7] }, { test: [7, 8] })).toMatchObject({ split: 'test', first: 0, both: 1 });
  expect(digitsOf({ test: [7] }, {})).toMatchObject({ split: 'train', both: 2 });
});

test('digits are compared only where they are the same, and were listed', () => {
  expect(digitsOf({}, { data: { evaluate_on: 'test' } })).toBe('other_digits');
  expect(digitsOf({}, { data: { validation: 1000 } })).toBe('other_digits');
  expect(digitsOf({}, { evaluated: 50 })).toBe('other_digits');
  expect(digitsOf({}, { data: { set: 'fashion' } })).toBe('other_digits');
  const clothes = { data: { set: 'fashion' } };
  expect(digitsOf(clothes, clothes)).toMatchObject({ split: 'fashion', first: 15_000 });
  expect(digitsOf({ data: { set: 'own' } }, { data: { set: 'own' } })).toBe('own_digits');
  expect(digitsOf({}, { isWhole: false })).toBe('no_list');
});
