import { expect, test } from 'vitest';
import type { Config } from '../../engine/generated/types';
import { biasedModels, published } from './biased-models';

const config = (leaveOut: number[], more: object = {}): Config =>
  ({
    transfer_set: { leave_out: leaveOut },
    models: {
      control: { net: {} },
      teacher: { net: {}, init: { pretrained: 'mnist-cnn' } },
      student: { net: {}, learns_from: [{ model: 'teacher' }] },
      ...more,
    },
  }) as unknown as Config;

test('students that lack classes come first, and checkpoints and derived models are not among them', () => {
  const raised = { net: {}, init: { derive: { from: 'student', by: {}, frozen: true } } };
  const found = biasedModels(config([3], { raised }));
  expect(found).toEqual([
    { name: 'student', leftOut: [3] },
    { name: 'control', leftOut: [3] },
  ]);
});

test("a model's own transfer set counts, and without anything left out there is none", () => {
  expect(biasedModels(null)).toEqual([]);
  expect(biasedModels(config([]))).toEqual([]);
  const other = { net: {}, learns_from: [{ model: 'teacher' }], transfer_set: { leave_out: [7] } };
  expect(biasedModels(config([], { other }))).toEqual([{ name: 'other', leftOut: [7] }]);
});

test('the paper is cited where it left out the same', () => {
  expect([published([3]), published([9, 0, 1, 2, 3, 4, 5, 6]), published([4])]).toEqual([
    'threes',
    'sevens_and_eights',
    null,
  ]);
});
