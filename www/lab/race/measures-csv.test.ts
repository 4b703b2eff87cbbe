import { expect, test } from 'vitest';
import type { Record as RunRecord } from '../../engine/generated/types';
import { measuresCsv } from './measures-csv';

const one = {
  epoch: 0,
  errors: 97,
  evaluated: 5000,
  errors_interval: [79.5, 118.2],
  loss: null,
  agreement: null,
  calibration_error: 0.01,
  elapsed_ms: 12,
};

test('a line for each model and epoch, its costs with it, and nothing where there is no number', () => {
  const record = {
    models: { 'a "big", old one': { epochs: [one] }, student: { epochs: [] } },
    test: { models: { 'a "big", old one': { errors: 190, evaluated: 10_000 } } },
    costs: {
      'a "big", old one': {
        ...{ weights: 7, bytes: 28, multiply_adds: 5, microseconds_a_digit: null },
        stored: { file_bytes: 30, nonzero: 6, effective_multiply_adds: 4 },
      },
    },
  } as unknown as RunRecord;
  const [head, line, end, more] = measuresCsv(record).split('\r\n');
  expect(head!.split(',').slice(0, 3)).toEqual(['model', 'epoch', 'errors']);
  expect(line).toBe('"a ""big"", old one",0,97,5000,79.5,118.2,,,,0.01,12,7,28,5,,190,10000,30,6,4');
  expect([end, more]).toEqual(['', undefined]);
});
