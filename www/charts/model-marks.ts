/**
 * How each model of a tree is drawn: the colour of its role, and a dash and a marker that tell it from others of
 * the same role.
 */

import type { Config } from '../engine/generated/types';
import type { Role } from '../model/roles';
import { roleOf, teaches } from '../model/roles';
import { ROLE_MARKS, type RoleMark } from './role-marks';

/** Markers and dashes of the second, third, … model of a role; a tree of ten has enough in three roles. */
const FURTHER_SYMBOLS = ['triangle', 'star', 'cross', 'square', 'diamond', 'circle', 'triangle'] as const;
const FURTHER_DASHES = ['9 3', '3 3', '12 3 3 3', '6 2 2 2 2 2', '1 4', '15 4', '2 8'];
/** A model that is taught and teaches on. */
const BETWEEN: RoleMark = {
  ...ROLE_MARKS.student,
  dash: '10 3 2 3',
  strokeWidth: 2,
  symbol: 'triangle',
};

/** Marks by the model's name. */
export function modelMarks(config: Config | null): ReadonlyMap<string, RoleMark> {
  const marks = new Map<string, RoleMark>();
  const ranks: Record<Role, number> = { teacher: 0, student: 0, control: 0 };
  const taken = new Set<RoleMark>();
  for (const name of Object.keys(config?.models ?? {})) {
    const role = roleOf(config, name);
    const first = role === 'student' && teaches(config, name) ? BETWEEN : ROLE_MARKS[role];
    if (taken.has(first)) {
      ranks[role] += 1;
      marks.set(name, further(ROLE_MARKS[role], ranks[role]));
    } else {
      taken.add(first);
      marks.set(name, first);
    }
  }
  return marks;
}

function further(plain: RoleMark, rank: number): RoleMark {
  const at = (rank - 1) % FURTHER_DASHES.length;
  return {
    ...plain,
    dash: FURTHER_DASHES[at]!,
    symbol: FURTHER_SYMBOLS[at]!,
    strokeWidth: Math.min(2, plain.strokeWidth),
  };
}
