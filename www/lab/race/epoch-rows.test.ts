import { expect, test } from 'vitest';
import type { Record as RunRecord } from '../../engine/generated/types';
import { epochRows, notebookJson } from './epoch-rows';

const measures = (epoch: number): object => ({
  ...{ epoch, step: 10 * epoch, errors: 5, evaluated: 100, errors_interval: [2, 11], agreement: null },
  ...{ calibration_error: 0.1, validation_errors: null, elapsed_ms: 7 },
});
const record = {
  config: { version: 1 },
  models: {
    student: {
      epochs: [
        {
          ...measures(1),
          loss: { hard: 1, soft: null, total: 2, imitated: [0.5] },
          training: { errors: 3, loss: null },
        },
        { ...measures(2), loss: null, other_tasks: [{ task: 'parity', errors: 9 }] },
      ],
    },
  },
  test: { models: { student: { errors: 6, evaluated: 1000, wrong: [1] } } },
} as unknown as RunRecord;

test('each model and epoch is one flat row', () => {
  const [first, second] = epochRows(record);
  expect(first).toMatchObject({
    model: 'student',
    epoch: 1,
    errors_low: 2,
    errors_high: 11,
    loss_hard: 1,
    loss_soft: null,
  });
  expect(first).toMatchObject({
    loss_imitated_0: 0.5,
    training_errors: 3,
    training_loss: null,
    test_errors: null,
  });
  expect(second).toMatchObject({ loss_total: null, errors_parity: 9, test_errors: 6, test_evaluated: 1000 });
  for (const value of [first, second].flatMap((row) => Object.values(row!)))
    expect(Object(value)).not.toBe(value);
});

test('record and config come with them', () => {
  const read = JSON.parse(notebookJson(record)) as { record: unknown; config: unknown; epochs: unknown[] };
  expect([read.record, read.config, read.epochs.length]).toEqual([record, { version: 1 }, 2]);
});
