/** What the records of one setting under several seeds come to: each model's errors, and each student against every control. */

import type { Comparison, Config, ModelRecord, Record as RunRecord } from '../engine/generated/types';
import {
  meanInterval,
  type PairOfSeed,
  pairedT,
  type Spread,
  seedsToDecide,
  signFlipP,
  spread,
  verdictOver,
} from './over-seeds';
import { own } from './own';
import { checkpointOf, type Role, roleOf } from './roles';
import type { Kind } from './significance';

/** A model's errors, seed by seed; null where an error stopped it. */
export interface ModelFigures {
  readonly model: string;
  readonly role: Role;
  readonly errors: readonly (number | null)[];
  readonly spread: Spread | null;
  /** 95 % interval of the mean; null of fewer than two seeds. */
  readonly interval: readonly [number, number] | null;
}

/** A student against another model, over the seeds that compare them. */
export interface Duel {
  readonly a: string;
  readonly b: string;
  /** As the seeds; null where an error stopped one of the two. */
  readonly pairs: readonly (PairOfSeed | null)[];
  /** The rule of the command line. */
  readonly verdict: { readonly kind: Kind; readonly p: number };
  /** Errors of the other less those of the student: above 0 the student does better. */
  readonly gain: Spread;
  readonly interval: readonly [number, number] | null;
  readonly pairedT: number | null;
  readonly signFlip: number | null;
  /** Seeds that a paired t-test needs to decide; null for more than is told, or where one seed tells nothing. */
  readonly seedsNeeded: number | null;
}

export interface SeedFigures {
  readonly seeds: readonly number[];
  readonly evaluated: number;
  readonly models: readonly ModelFigures[];
  readonly duels: readonly Duel[];
}

/** Whether a model was stopped because its training had failed; early stop is an end like any other. */
export function wasStopped({ stopped }: ModelRecord): boolean {
  return (stopped ?? null) !== null && stopped !== 'patience_spent';
}

/** Errors of a model after its last epoch; null where an error stopped it. */
export function lastErrors(record: RunRecord, model: string): number | null {
  const found = own(record.models, model);
  const last = found?.epochs.at(-1);
  return found && last && !wasStopped(found) ? last.errors : null;
}

/** Names of the models that a sweep trains; a shipped one is the same in every cell. */
export function trainedModels(config: Config | null): string[] {
  return Object.keys(config?.models ?? {}).filter((name) => checkpointOf(config, name) === null);
}

/** `a` against `b`, whichever way round they were compared; null where they were not. */
export function pairOf(comparisons: readonly Comparison[], a: string, b: string): PairOfSeed | null {
  for (const one of comparisons) {
    const { only_a_wrong, only_b_wrong, p_value: p } = one;
    if (one.a === a && one.b === b) return { onlyA: only_a_wrong, onlyB: only_b_wrong, p };
    if (one.a === b && one.b === a) return { onlyA: only_b_wrong, onlyB: only_a_wrong, p };
  }
  return null;
}

/** Of the records of one config, each of another seed; they may come in any order. */
export function seedFigures(config: Config, records: readonly RunRecord[]): SeedFigures {
  const bySeed = records.toSorted((one, other) => seedOf(one) - seedOf(other));
  const models = Object.keys(config.models).map((model): ModelFigures => {
    const errors = bySeed.map((record) => lastErrors(record, model));
    const known = errors.filter((one) => one !== null);
    return {
      model,
      role: roleOf(config, model),
      errors,
      spread: spread(errors),
      interval: meanInterval(known),
    };
  });
  return {
    seeds: bySeed.map(seedOf),
    evaluated: evaluatedIn(records[0]),
    models: models.filter(({ model }) => trainedModels(config).includes(model)),
    duels: duelsOf(models, bySeed),
  };
}

function seedOf({ config }: RunRecord): number {
  return config.seed ?? 0;
}

function evaluatedIn(record: RunRecord | undefined): number {
  const models = Object.values(record?.models ?? {});
  return models.flatMap(({ epochs }) => epochs.slice(-1)).at(0)?.evaluated ?? 0;
}

/** Each student against every control, that with the fewest errors first; without a control, against teachers. */
function duelsOf(models: readonly ModelFigures[], records: readonly RunRecord[]): Duel[] {
  const other = models.some(({ role }) => role === 'control') ? 'control' : 'teacher';
  const students = models.filter(({ role }) => role === 'student');
  const others = models
    .filter(({ role }) => role === other)
    .toSorted((one, two) => (one.spread?.mean ?? 0) - (two.spread?.mean ?? 0));
  return students.flatMap((student) => others.flatMap((control) => duelOf(student, control, records) ?? []));
}

function duelOf(a: ModelFigures, b: ModelFigures, records: readonly RunRecord[]): Duel | null {
  const pairs = records.map(({ comparisons }) => pairOf(comparisons, a.model, b.model));
  const verdict = verdictOver(pairs.filter((pair) => pair !== null));
  const gains = pairs.flatMap((pair) => (pair ? [pair.onlyB - pair.onlyA] : []));
  const gain = spread(gains);
  if (!verdict || !gain) return null;
  return {
    a: a.model,
    b: b.model,
    pairs,
    verdict,
    gain,
    interval: meanInterval(gains),
    pairedT: pairedT(gains),
    signFlip: signFlipP(gains),
    seedsNeeded: seedsToDecide(gain),
  };
}
