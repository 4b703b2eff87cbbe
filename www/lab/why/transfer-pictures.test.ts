import { expect, it } from 'vitest';
import type { Config } from '../../engine/generated/types';
import { transferPictures } from './transfer-pictures';

const config = (more: object, student: object = {}): Config =>
  ({ version: 1, transfer_set: { digits: 640 }, models: { student }, ...more }) as unknown as Config;

it('a model learns on its own transfer set, or on that of all', () => {
  expect(transferPictures(config({}), 'student', 0)).toMatchObject({
    split: 'train',
    count: 640,
    hasClasses: true,
  });
  const own = { transfer_set: { digits: 7 } };
  expect(transferPictures(config({}, own), 'student', 0)).toMatchObject({ split: 'train', count: 7 });
});

it('labels of clothes are no classes among digits, and are in an experiment on clothes', () => {
  const clothes = { transfer_set: { digits: 10, pictures: 'fashion' } };
  expect(transferPictures(config(clothes), 'student', 0)).toMatchObject({
    split: 'fashion',
    hasClasses: false,
  });
  const set = { ...clothes, data: { set: 'fashion' } };
  expect(transferPictures(config(set), 'student', 0)).toMatchObject({ split: 'fashion', hasClasses: true });
});

it('of the visitor’s own pictures there are as many as were given', () => {
  const own = { transfer_set: { digits: 640, pictures: 'own' } };
  expect(transferPictures(config(own), 'student', 50)).toMatchObject({ split: 'own', count: 50 });
});
