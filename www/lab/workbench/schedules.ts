/** Kinds of schedules, and what a schedule becomes when it changes its kind: it begins and ends where it did. */

import type { Schedule } from '../../engine/generated/types';
import { valueAt } from '../../model/schedule';

export const KINDS = ['constant', 'linear', 'cosine', 'step', 'points'] as const;
export type ScheduleKind = (typeof KINDS)[number];

export function kindOf(schedule: Schedule): ScheduleKind {
  return typeof schedule === 'number' ? 'constant' : (Object.keys(schedule)[0] as ScheduleKind);
}

export function turnedInto(kind: ScheduleKind, schedule: Schedule): Schedule {
  const [from, to] = [valueAt(schedule, 0), valueAt(schedule, 1)];
  switch (kind) {
    case 'constant':
      return from;
    case 'linear':
      return { linear: { from, to } };
    case 'cosine':
      return { cosine: { from, to } };
    case 'step':
      return { step: { from, to, at: 0.5 } };
    case 'points':
      return {
        points: [
          { at: 0, value: from },
          { at: 1, value: to },
        ],
      };
  }
}

/** Values at evenly spaced moments, for a picture. */
export function sampled(schedule: Schedule, moments: number): number[] {
  return Array.from({ length: moments }, (_, moment) => valueAt(schedule, moment / (moments - 1)));
}
