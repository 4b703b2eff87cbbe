/** A run's record as a table for spreadsheets: a line for each model and epoch, with what the model takes. */

import type { Record as RunRecord } from '../../engine/generated/types';
import { type CsvValue, csvText } from '../../model/csv';
import { own } from '../../model/own';

const COLUMNS = [
  ...['model', 'epoch', 'errors', 'evaluated', 'errors_low', 'errors_high', 'loss_hard', 'loss_soft'],
  ...['agreement', 'calibration_error', 'elapsed_ms', 'weights', 'bytes', 'multiply_adds'],
  ...['microseconds_a_digit', 'test_errors', 'test_evaluated'],
  ...['file_bytes', 'nonzero', 'effective_multiply_adds'],
];

/** Nothing stands where a number was not worked out. */
export function measuresCsv(record: RunRecord): string {
  const rows = Object.entries(record.models).flatMap(([name, { epochs }]) => {
    const cost = own(record.costs, name);
    return epochs.map((one, at): CsvValue[] => {
      // The test digits are opened once, after the last epoch.
      const test = at === epochs.length - 1 ? own(record.test?.models, name) : undefined;
      return [
        ...[
          name,
          one.epoch,
          one.errors,
          one.evaluated,
          ...one.errors_interval,
          one.loss?.hard,
          one.loss?.soft,
        ],
        ...[
          one.agreement,
          one.calibration_error,
          one.elapsed_ms,
          cost?.weights,
          cost?.bytes,
          cost?.multiply_adds,
        ],
        ...[cost?.microseconds_a_digit, test?.errors, test?.evaluated],
        ...[cost?.stored?.file_bytes, cost?.stored?.nonzero, cost?.stored?.effective_multiply_adds],
      ];
    });
  });
  return csvText([COLUMNS, ...rows]);
}
