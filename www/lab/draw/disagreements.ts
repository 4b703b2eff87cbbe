/** Test digits on which two models' first choices differ, by who is right. */

import type { Config } from '../../engine/generated/types';
import { own } from '../../model/own';
import { derivedFrom, firstWith, rolesOf } from '../../model/roles';

export interface Disagreement {
  readonly index: number;
  readonly label: number;
  readonly a: number;
  readonly b: number;
}

/** Who is right where two models differ. */
export type Outcome = 'a' | 'b' | 'neither';

export const OUTCOMES: readonly Outcome[] = ['a', 'b', 'neither'];

export function outcomeOf({ label, a, b }: Disagreement): Outcome {
  if (a === label) return 'a';
  return b === label ? 'b' : 'neither';
}

/** Indices on which the choices differ, rising; both lists run by index. */
export function differing(a: readonly number[], b: readonly number[]): number[] {
  const indices: number[] = [];
  a.forEach((choice, index) => {
    if (choice !== b[index]) indices.push(index);
  });
  return indices;
}

/**
 * The two models that are compared: the student and the control, or the model that was picked and what it was made from; of one
 * that was made from no other, the student, the control or the teacher, whichever is another one first.
 */
export function comparedPair(
  config: Config | null,
  picked: string | null,
): readonly [string | null, string | null] {
  const roles = rolesOf(config);
  const [student, control] = [firstWith('student', roles), firstWith('control', roles)];
  const isKnown = (name: string | null): name is string => roles.some((model) => model.name === name);
  if (!isKnown(picked)) return [student, control];
  const source = derivedFrom(own(config?.models, picked));
  const usual = roles.find(({ name }) => name === picked)?.role === 'control' ? student : control;
  const others = [source, usual, student, firstWith('teacher', roles)];
  return [picked, others.find((name) => isKnown(name) && name !== picked) ?? null];
}
