import { describe, expect, it, test } from 'vitest';
import type { Config } from './generated/types';
import { neededSheets, type Sheet, sheetsOf } from './supply';

const sheet = (name: string, split: string, first: number, count: number): Sheet => ({
  ...{ name, split, first, count },
  ...{ file: `${name}.digits`, bytes: 1 },
});
const SHEETS = [
  ...[0, 1, 2, 3, 4, 5].map((at) => sheet(`train-${at}`, 'train', 10_000 * at, 10_000)),
  sheet('test-0', 'test', 0, 1000),
  sheet('test-1', 'test', 1000, 9000),
  sheet('fashion-0', 'fashion', 0, 10_000),
  sheet('fashion-1', 'fashion', 10_000, 10_000),
  sheet('fashion_test', 'fashion_test', 0, 10_000),
];

function needed(config: object): { learnt: string[]; measured: string[] } {
  const { learnt, measured } = neededSheets(config as Config, SHEETS);
  return { learnt: learnt.map(({ name }) => name), measured: measured.map(({ name }) => name) };
}

const DATA = { validation: 5000, evaluate_on: 'test', evaluated: 10_000 };

describe('neededSheets', () => {
  it('has the first digits to learn on and the test digits to be measured on', () => {
    expect(needed({ data: DATA, transfer_set: { digits: 8000 }, training: {}, models: {} })).toEqual({
      learnt: ['train-0'],
      measured: ['test-0', 'test-1'],
    });
  });

  it('counts the largest transfer set of any model', () => {
    const models = { a: { transfer_set: { digits: 20_001 } }, b: {} };
    const { learnt } = needed({ data: DATA, transfer_set: { digits: 10_000 }, training: {}, models });
    expect(learnt).toEqual(['train-0', 'train-1', 'train-2']);
  });

  it('has the held-out digits in place of the test digits for validation', () => {
    const data = { ...DATA, evaluate_on: 'validation' };
    expect(needed({ data, transfer_set: { digits: 100 }, training: {}, models: {} })).toEqual({
      learnt: ['train-0'],
      measured: ['train-5'],
    });
  });

  it('has the held-out digits besides for a model with patience', () => {
    const data = { ...DATA, evaluated: 500, validation: 10_001 };
    const models = { a: { training: { early_stop: 2 } } };
    const { measured } = needed({ data, transfer_set: { digits: 100 }, training: {}, models });
    expect(measured).toEqual(['train-4', 'train-5', 'test-0']);
  });

  it('has clothes only for those who learn on them, and no sheet for own pictures', () => {
    const models = { a: { transfer_set: { digits: 100, pictures: 'own' } } };
    const config = { data: DATA, transfer_set: { digits: 100, pictures: 'fashion' }, training: {}, models };
    expect(needed(config).learnt).toEqual(['fashion-0']);
  });

  it('has clothes in place of digits for an experiment on them, but for models that learn digits', () => {
    const data = { ...DATA, set: 'fashion' };
    const config = { data, transfer_set: { digits: 10_001 }, training: {}, models: {} };
    expect(needed(config)).toEqual({ learnt: ['fashion-0', 'fashion-1'], measured: ['fashion_test'] });
    const models = { a: { transfer_set: { digits: 100, pictures: 'mnist' } } };
    const validated = { ...config, data: { ...data, evaluate_on: 'validation' }, models };
    expect(needed(validated)).toEqual({
      learnt: ['train-0', 'fashion-0', 'fashion-1'],
      measured: ['fashion-1'],
    });
  });
});

test('digits lie on the sheets of their split, each once', () => {
  const names = (split: 'train' | 'test', ...indices: number[]): string[] =>
    sheetsOf(split, indices, SHEETS).map(({ name }) => name);
  expect(names('test', 5000, 999, 1000)).toEqual(['test-0', 'test-1']);
  expect(names('train', 59_999)).toEqual(['train-5']);
  expect(names('test', 10_000)).toEqual([]);
});
