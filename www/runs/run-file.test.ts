import { expect, test } from 'vitest';
import type { Record as RunRecord } from '../engine/generated/types';
import { type Json, setAt } from '../model/paths';
import { resultsOf, type WholeRun } from './kept-run';
import { type FileFault, fileOf, readRuns } from './run-file';

/** A record as small as one can be. */
const RECORD = {
  version: 1,
  config: {
    version: 1,
    seed: 3,
    transfer_set: { digits: 640 },
    training: { epochs: 1, batch_size: 64 },
    models: { student: { net: { mlp: { hidden: [8] } } } },
  },
  environment: { engine: 'cpu', adapter: 'x86_64', crate_version: '0.2.0', target: 'x86_64' },
  models: {
    student: {
      parameters: 6370,
      weights_digest: 'f3',
      epochs: [
        {
          ...{ epoch: 1, step: 10, errors: 2, evaluated: 500, errors_interval: [1, 5] },
          ...{ loss: { hard: 2.3, soft: null, total: 2.3 }, agreement: null, calibration_error: 0.05 },
          ...{ validation_errors: null, elapsed_ms: 3.4 },
        },
      ],
      wrong: [0, 4],
      stopped: null,
    },
  },
  costs: {},
  comparisons: [],
  test_opened: 1,
  test: null,
  digest: '7c60',
} as unknown as RunRecord;
const NOW = 1_750_000_000_000;

const WHOLE: WholeRun = {
  run: {
    ...{ id: 'a-b', name: 'mine', note: 'n', isPinned: true, endedAt: 5, elapsedMs: null },
    ...{ ending: 'stopped', recipe: 'first-race' },
    config: RECORD.config,
    environment: RECORD.environment,
    results: resultsOf(RECORD),
  },
  record: RECORD,
};

const read = (json: unknown) => readRuns(JSON.stringify(json), 'my run.json', NOW);
const refused = (fault: FileFault) => ({ runs: [], faults: [fault] });

/** The record with another value at a path; undefined takes what stands there away. */
function changed(path: string, value: Json | undefined): Json {
  return setAt(structuredClone(RECORD) as unknown as Json, path, value);
}

test('a file of runs brings back what was taken away', () => {
  expect(readRuns(fileOf([WHOLE]), 'x.json', NOW)).toEqual({ runs: [WHOLE], faults: [] });
});

test('a record alone becomes a run by the file’s name, the same one each time', () => {
  const found = read(RECORD);
  expect(found).toEqual(read(RECORD));
  expect(found).toMatchObject({
    runs: [{ run: { name: 'my run', endedAt: NOW, ending: 'finished', recipe: null }, record: RECORD }],
    faults: [],
  });
});

test('what is wrong with a file is told by its place', () => {
  expect(readRuns('{"config"', 'x.json', NOW)).toEqual(refused({ code: 'not_json' }));
  expect(read([1])).toEqual(refused({ code: 'not_runs' }));
  expect(read({ models: {} })).toEqual(refused({ code: 'not_runs' }));
  expect(read({ ...RECORD, version: 2 })).toEqual(refused({ code: 'newer', version: '2' }));
  expect(read(changed('models.student.wrong', undefined))).toEqual(
    refused({ code: 'missing', path: 'models.student.wrong' }),
  );
  expect(read(changed('models.student.wrong', [3, -1]))).toEqual(
    refused({ code: 'wrong', path: 'models.student.wrong[1]', value: '-1' }),
  );
  expect(read(changed('models.student.parameters', 'many'))).toEqual(
    refused({ code: 'wrong', path: 'models.student.parameters', value: '"many"' }),
  );
});

test('a bad run of a file is named, and the others are taken', () => {
  const file = JSON.parse(fileOf([WHOLE, WHOLE, WHOLE]));
  file.runs[1].record.digest = 5;
  delete file.runs[2].name;
  expect(read(file)).toEqual({
    runs: [WHOLE],
    faults: [
      { code: 'wrong', path: 'runs[1].record.digest', value: '5' },
      { code: 'missing', path: 'runs[2].name' },
    ],
  });
  file.runs[1].extra = 1;
  file.runs[1].record.digest = '';
  expect(read(file).faults[0]).toEqual({ code: 'unknown', path: 'runs[1].extra' });
  expect(read({ format: 'distillery-runs', version: 9, runs: [] })).toEqual(
    refused({ code: 'newer', version: '9' }),
  );
});
