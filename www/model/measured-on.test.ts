import { expect, test } from 'vitest';
import type { Config, Data } from '../engine/generated/types';
import { learntPictures, type PicturesOf, testPictures, validationPictures } from './measured-on';

const ends = ({ split, indices }: PicturesOf): unknown[] => [
  split,
  indices[0],
  indices.at(-1),
  indices.length,
];

test('the validation digits are the last that a set has to learn on, as many as are evaluated', () => {
  expect(ends(validationPictures(undefined))).toEqual(['train', 55_000, 59_999, 5_000]);
  const data = { set: 'fashion', validation: 2_000, evaluated: 500 } as Data;
  expect(ends(validationPictures(data))).toEqual(['fashion', 18_000, 18_499, 500]);
});

test('the test digits are the first of those that there are', () => {
  const mnist = { split: 'test', name: 'test', count: 1_000 } as const;
  expect(ends(testPictures({ evaluated: 500 } as Data, mnist))).toEqual(['test', 0, 499, 500]);
  expect(ends(testPictures(undefined, mnist)), 'also those that are still to come').toEqual([
    'test',
    0,
    9_999,
    10_000,
  ]);
  expect(ends(testPictures(undefined, { split: 'own_test', name: 'mine', count: 70 }))).toEqual([
    'own_test',
    0,
    69,
    70,
  ]);
});

test("a model learns on its own transfer set, or the experiment's", () => {
  const config = {
    data: { set: 'mnist' },
    transfer_set: { digits: 300, pictures: 'of_set' },
    models: { a: {}, b: { transfer_set: { digits: 20, pictures: 'fashion' } } },
  } as unknown as Config;
  expect(ends(learntPictures(config, 'a')!)).toEqual(['train', 0, 299, 300]);
  expect(ends(learntPictures(config, 'b')!)).toEqual(['fashion', 0, 19, 20]);
});
