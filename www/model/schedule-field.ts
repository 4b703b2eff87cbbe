/** A schedule as one number the controls can change: the constant itself, or where a ramp begins. */

import { getAt, isBranch, type Json } from './paths';

export interface ScheduleField {
  readonly path: string;
  /** Where the ramp ends; null for a constant. */
  readonly end: number | null;
}

export function scheduleField(root: Json, path: string): ScheduleField {
  const value = getAt(root, path);
  if (!isBranch(value)) return { path, end: null };
  const kind = Object.keys(value)[0] ?? '';
  // A list of points has no one number; the field is empty, and a number put there makes it a constant.
  if (kind === 'points') return { path, end: null };
  const end = getAt(value, `${kind}.to`);
  return { path: `${path}.${kind}.from`, end: typeof end === 'number' ? end : null };
}
