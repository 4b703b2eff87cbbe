/** Runs as a file: all of them for a visitor to take along, and what may come back: such a file, or a run's record. */

import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import schema from '../engine/generated/schema.json';
import type { Record as RunRecord } from '../engine/generated/types';
import { type Ending, type KeptRun, newId, resultsOf, type WholeRun } from './kept-run';
import { cut } from './naming';

export const FORMAT = 'distillery-runs';
const VERSION = 1;
const RECORD_VERSION = 1;

/** What is wrong with a file. A path is one of the file's fields, as in `models.student.wrong[1]`. */
export type FileFault =
  | { readonly code: 'not_json' }
  | { readonly code: 'not_runs' }
  | { readonly code: 'newer'; readonly version: string }
  | { readonly code: 'missing'; readonly path: string }
  | { readonly code: 'unknown'; readonly path: string }
  | { readonly code: 'wrong'; readonly path: string; readonly value: string };

/**
 * What a file holds: its runs, and what is wrong with the rest. Their configs are not looked into: what is allowed there the lab
 * alone knows.
 */
export interface Read {
  readonly runs: readonly WholeRun[];
  readonly faults: readonly FileFault[];
}

const refused = (fault: FileFault): Read => ({ runs: [], faults: [fault] });

/** What a file of runs has of each beside its record, which has config and environment. */
type Told = Omit<KeptRun, 'config' | 'environment' | 'results'>;

/** All runs in one text. */
export function fileOf(runs: readonly WholeRun[]): string {
  const told = runs.map(({ run, record }) => {
    const { config: _config, environment: _environment, results: _results, ...rest } = run;
    return { ...rest, record };
  });
  return `${JSON.stringify({ format: FORMAT, version: VERSION, runs: told }, null, 1)}\n`;
}

/** Reads a file of runs, or one run's record, as the page and the command line write it; `fileName` names the latter. */
export function readRuns(text: string, fileName: string, now: number): Read {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused({ code: 'not_json' });
  }
  if (!isObject(json)) return refused({ code: 'not_runs' });
  if (json.format === FORMAT) return readAll(json);
  if (!('config' in json && 'models' in json)) return refused({ code: 'not_runs' });
  return readOne(json, fileName, now);
}

function readAll({ version, runs }: Readonly<Record<string, unknown>>): Read {
  if (version !== VERSION) return refused({ code: 'newer', version: JSON.stringify(version) ?? '' });
  if (!Array.isArray(runs)) return refused({ code: 'missing', path: 'runs' });
  const read: WholeRun[] = [];
  const faults: FileFault[] = [];
  for (const [i, one] of runs.entries()) {
    const fault = faultOf(FILE_RUN, one, `runs[${i}]`);
    if (fault) {
      faults.push(fault);
      continue;
    }
    const { record, ...told } = one as Told & { record: RunRecord };
    read.push(whole({ ...told, name: cut(told.name) }, record));
  }
  return { runs: read, faults };
}

function readOne(json: Readonly<Record<string, unknown>>, fileName: string, now: number): Read {
  if (typeof json.version === 'number' && json.version > RECORD_VERSION)
    return refused({ code: 'newer', version: String(json.version) });
  const fault = faultOf(RECORD, json, '');
  if (fault) return refused(fault);
  const record = json as unknown as RunRecord;
  const isWhole = Object.values(record.models).every(({ weights_digest }) => weights_digest !== '');
  const told: Told = {
    // The same file twice is the same run.
    id: record.digest === '' ? newId() : `record-${record.digest}`,
    name: cut(fileName.replace(/\.json$/i, '')) || 'record',
    note: '',
    isPinned: false,
    endedAt: now,
    elapsedMs: null,
    ending: isWhole ? 'finished' : 'stopped',
    recipe: null,
  };
  return { runs: [whole(told, record)], faults: [] };
}

function whole(told: Told, record: RunRecord): WholeRun {
  const { config, environment } = record;
  return { run: { ...told, config, environment, results: resultsOf(record) }, record };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const WRITTEN = (schema as unknown as { $defs: { readonly Record: Schema } & Schema }).$defs;
/** A record whose config may be anything: a later version may have fields that the config of then lacks. */
const DEFINITIONS = {
  ...WRITTEN,
  Record: { ...WRITTEN.Record, properties: { ...WRITTEN.Record.properties, config: { type: 'object' } } },
};
const ENDINGS: readonly Ending[] = ['finished', 'stopped', 'broken_off'];

const RECORD: Schema = { $defs: DEFINITIONS, $ref: '#/$defs/Record' };
const FILE_RUN: Schema = {
  $defs: DEFINITIONS,
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 1 },
    name: { type: 'string', minLength: 1 },
    note: { type: 'string' },
    isPinned: { type: 'boolean' },
    endedAt: { type: 'number', minimum: 0 },
    elapsedMs: { type: ['number', 'null'], minimum: 0 },
    ending: { enum: [...ENDINGS] },
    recipe: { type: ['string', 'null'] },
    record: { $ref: '#/$defs/Record' },
  },
  required: ['id', 'name', 'note', 'isPinned', 'endedAt', 'elapsedMs', 'ending', 'recipe', 'record'],
  additionalProperties: false,
};

/** The first thing that does not fit the schema, by its innermost place; null if all does. */
function faultOf(wanted: Schema, value: unknown, prefix: string): FileFault | null {
  const { valid, errors } = new Validator(wanted, '2020-12', false).validate(value);
  if (valid) return null;
  const depth = ({ instanceLocation }: OutputUnit): number => instanceLocation.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  // Of several at one place the last one says most: those before it only say that something within is wrong.
  const error = errors.findLast((one) => depth(one) === deepest)!;
  const keys = error.instanceLocation.split('/').slice(1).map(unescaped);
  if (error.keyword === 'required') {
    const [, name = ''] = /"(.*)"/.exec(error.error) ?? [];
    return { code: 'missing', path: pathOf(prefix, [...keys, name]) };
  }
  const path = pathOf(prefix, keys);
  if (error.keyword === 'false') return { code: 'unknown', path };
  return { code: 'wrong', path, value: JSON.stringify(valueAt(value, keys)) ?? '' };
}

const unescaped = (key: string): string =>
  decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');

function pathOf(prefix: string, keys: readonly string[]): string {
  return keys.reduce((path, key) => {
    if (/^\d+$/.test(key)) return `${path}[${key}]`;
    return path === '' ? key : `${path}.${key}`;
  }, prefix);
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key],
    value,
  );
}
