import { expect, it } from 'vitest';
import type { Config, Data } from '../../engine/generated/types';
import { measuredSet } from './measured-set';

const config = (data: Partial<Data>): Config => ({ version: 1, data, models: {} }) as unknown as Config;
const TEST = { split: 'test', name: 'test', count: 1000 } as const;

it('the last of the training digits are held out, as many as are measured', () => {
  const held = measuredSet(
    config({ evaluate_on: 'validation', validation: 5000, evaluated: 10_000 }),
    TEST,
    false,
  );
  expect(held).toMatchObject({ split: 'train', first: 55_000, count: 5000, isTest: false });
  const some = measuredSet(
    config({ evaluate_on: 'validation', validation: 5000, evaluated: 300 }),
    TEST,
    false,
  );
  expect(some).toMatchObject({ first: 55_000, count: 300 });
  const clothes = measuredSet(config({ set: 'fashion', evaluate_on: 'validation' }), TEST, false);
  expect(clothes).toMatchObject({ split: 'fashion', first: 15_000, count: 5000 });
});

it('test digits count where the race is measured on them, and once they are open', () => {
  expect(measuredSet(config({ evaluated: 500 }), TEST, false)).toMatchObject({
    split: 'test',
    first: 0,
    count: 500,
  });
  expect(measuredSet(config({ evaluate_on: 'validation' }), TEST, true)).toMatchObject({
    count: 10_000,
    isTest: true,
  });
  const own = { split: 'own_test', name: 'own_test 1', count: 70 } as const;
  expect(measuredSet(config({ set: 'own', evaluated: 500 }), own, false)).toMatchObject({
    split: 'own_test',
    count: 70,
  });
});
