/** The fields that the page offers to a sweep, and the values it proposes: the most telling, then every other number of the config. */

import type { Config } from '../../engine/generated/types';
import { labelOf } from '../../model/choices';
import { own } from '../../model/own';
import { getAt, isBranch, type Json, setAt } from '../../model/paths';
import { checkpointOf, mainStudent, netOf, teachersOf } from '../../model/roles';
import { scheduleField } from '../../model/schedule-field';
import { fieldAt, isNumber, isSchedule, isWhole, rangeOf } from '../../model/schema';
import { fieldWords } from '../../runs/difference-words';

export interface SweepField {
  readonly path: string;
  readonly label: string;
  /** What the field holds for a number that is put in. */
  readonly toJson: (value: number) => Json;
  readonly proposed: readonly number[];
}

const plain = (value: number): Json => value;

/** A config without it has it as 0. */
const UNLABELLED = 'transfer_set.unlabelled';

/** The most telling fields of a config. */
export function sweepFields(config: Config): SweepField[] {
  const root = config as unknown as Json;
  const student = mainStudent(config);
  const fields: Omit<SweepField, 'label'>[] = [];
  if (student !== null && teachersOf(own(config.models, student)).length > 0) {
    const temperature = scheduleField(root, `models.${student}.objective.temperature`).path;
    const hardWeight = scheduleField(root, `models.${student}.objective.hard_weight`).path;
    fields.push(
      { path: temperature, toJson: plain, proposed: [1, 2, 4, 8, 16] },
      { path: hardWeight, toJson: plain, proposed: [0, 0.1, 0.3, 0.6, 1] },
    );
  }
  if (student !== null && 'mlp' in (netOf(config, student) ?? {})) {
    const path = `models.${student}.net.mlp.hidden`;
    // A student that takes another model's network has no widths of its own to set.
    if (getAt(root, path) !== undefined) {
      const toJson = (width: number): Json => [width];
      fields.push({ path, toJson, proposed: [8, 16, 32, 64] });
    }
  }
  const rate = scheduleField(root, 'training.learning_rate').path;
  fields.push(
    { path: 'transfer_set.digits', toJson: plain, proposed: [500, 2000, 8000] },
    { path: UNLABELLED, toJson: plain, proposed: [0, 0.5, 0.9, 0.98] },
    { path: 'training.epochs', toJson: plain, proposed: [2, 5, 10] },
    { path: 'training.batch_size', toJson: plain, proposed: [32, 128, 512] },
    { path: rate, toJson: plain, proposed: [0.0003, 0.001, 0.003, 0.01] },
  );
  const there = fields.filter(({ path }) => path === UNLABELLED || getAt(root, path) !== undefined);
  return there.map((field) => ({ ...field, label: labelOf(field.path) ?? field.path }));
}

/** Numbers that are no setting of an experiment, or have a place of their own in a sweep. */
const SET_APART = ['version', 'seed'];

/** A path as the schema and its labels know it: places in lists in brackets. */
const inBrackets = (path: string): string => path.replace(/\.(\d+)(?=\.|$)/g, '[$1]');

/** Every number of the config that is not among the most telling fields; in a sweep's paths places in lists are steps of their own. */
export function otherFields(config: Config): SweepField[] {
  const known = new Set(sweepFields(config).map(({ path }) => path));
  return numbersIn(config as unknown as Json, '').flatMap(({ path, value }) => {
    const declared = inBrackets(path);
    const [, model] = /^models\.([^.]+)/.exec(path) ?? [];
    // What a shipped checkpoint is made of cannot be changed.
    const isFixed = model !== undefined && checkpointOf(config, model) !== null;
    if (isFixed || known.has(path) || SET_APART.includes(path) || !isSweepable(declared)) return [];
    return [{ path, label: fieldWords(declared), toJson: plain, proposed: around(value, declared) }];
  });
}

/** What a swept path is called. */
export function pathLabel(config: Config, path: string): string {
  return sweepFields(config).find((field) => field.path === path)?.label ?? fieldWords(inBrackets(path));
}

function isSweepable(path: string): boolean {
  const field = fieldAt(path);
  if (!field) return false;
  // Of a schedule the number where it begins, as the controls have it.
  if (isSchedule(field)) return path.endsWith(field.name) || path.endsWith('.from');
  return isNumber(path);
}

/** Numbers of a value by their paths; lists of bare numbers, widths and classes, are no fields. */
function numbersIn(value: Json, path: string): { path: string; value: number }[] {
  if (typeof value === 'number') return [{ path, value }];
  const below = isBranch(value) ? value : Array.isArray(value) && value.some(isBranch) ? { ...value } : {};
  return Object.entries(below).flatMap(([key, inner]) =>
    numbersIn(inner as Json, path === '' ? key : `${path}.${key}`),
  );
}

/** The value and some about it, within what is allowed. */
function around(value: number, path: string): number[] {
  const { min = 0, max = Number.POSITIVE_INFINITY } = rangeOf(path);
  const wanted = value === 0 ? [0, 0.1, 0.3] : [value / 2, value, value * 2];
  const whole = value === 0 ? [0, 1, 2] : wanted.map(Math.round);
  const all = (isWhole(path) ? whole : wanted).map((one) => Math.min(max, Math.max(min, one)));
  return [...new Set(all)];
}

/** The config with a field that stands in it: one that is left out as long as it is 0 has no place to put a value. */
export function withField(config: Config, { path, toJson }: SweepField, values: readonly number[]): Config {
  const root = config as unknown as Json;
  if (getAt(root, path) !== undefined || path.split('.').some((step) => /^\d+$/.test(step))) return config;
  return setAt(root, path, toJson(Math.max(...values))) as unknown as Config;
}

/** Numbers apart by commas or spaces, Chinese commas too, each once; null if there is none, or something else. */
export function parseValues(text: string): number[] | null {
  const words = text.split(/[\s,，、;；]+/).filter((word) => word !== '');
  const values = words.map(Number);
  return values.length > 0 && values.every(Number.isFinite) ? [...new Set(values)] : null;
}
