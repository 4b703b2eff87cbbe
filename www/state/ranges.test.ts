import { expect, test } from 'vitest';
import { listRangeOf, rangeOf } from './ranges';

test('ranges of the fields that the controls change are found in the schema', () => {
  expect(rangeOf('transfer_set.digits')).toEqual({ min: 1, max: 60_000 });
  expect(rangeOf('training.epochs')).toEqual({ min: 1, max: 500 });
  expect(rangeOf('training.batch_size')).toEqual({ min: 1, max: 2048 });
  expect(rangeOf('seed').min).toBe(0);
  expect(listRangeOf('models.student.net.mlp.hidden').item).toEqual({ min: 1, max: 2048 });
});

test('a path that leads nowhere has no range', () => {
  expect(rangeOf('training.nonsense.deeper')).toEqual({ min: undefined, max: undefined });
});
