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

/** A place of a schedule that can be taken hold of. */
export interface Handle {
  readonly at: number;
  readonly value: number;
  /** Whether its moment can be moved as well as its value, and between which others. */
  readonly moments: { readonly least: number; readonly most: number } | null;
}

/** Two points at one moment are none that a line goes through. */
const APART = 0.01;

/** The handles of a schedule, from the first moment on. */
export function handlesOf(schedule: Schedule): Handle[] {
  if (typeof schedule === 'number') return [{ at: 0, value: schedule, moments: null }];
  if ('points' in schedule) {
    return schedule.points.map(({ at, value }, place, { [place - 1]: before, [place + 1]: after }) => ({
      at,
      value,
      moments: { least: before ? before.at + APART : 0, most: after ? after.at - APART : 1 },
    }));
  }
  if ('step' in schedule) {
    const { from, to, at } = schedule.step;
    return [
      { at: 0, value: from, moments: null },
      { at, value: to, moments: { least: 0, most: 1 } },
    ];
  }
  const { from, to } = 'linear' in schedule ? schedule.linear : schedule.cosine;
  return [
    { at: 0, value: from, moments: null },
    { at: 1, value: to, moments: null },
  ];
}

/** The schedule with one of its handles elsewhere; the moment stays between those of its neighbours. */
export function movedTo(schedule: Schedule, place: number, at: number, value: number): Schedule {
  const moments = handlesOf(schedule)[place]?.moments;
  const moment = moments ? Math.min(moments.most, Math.max(moments.least, at)) : at;
  if (typeof schedule === 'number') return value;
  if ('points' in schedule) return { points: schedule.points.with(place, { at: moment, value }) };
  const end = place === 0 ? { from: value } : { to: value };
  if ('step' in schedule)
    return { step: { ...schedule.step, ...end, ...(place === 0 ? {} : { at: moment }) } };
  return 'linear' in schedule
    ? { linear: { ...schedule.linear, ...end } }
    : { cosine: { ...schedule.cosine, ...end } };
}

/** A line through points with one more, on the line as it is; another kind, or no room there, leaves it as it is. */
export function withPointAt(schedule: Schedule, at: number): Schedule {
  if (typeof schedule === 'number' || !('points' in schedule)) return schedule;
  if (schedule.points.some((point) => Math.abs(point.at - at) < APART)) return schedule;
  const point = { at, value: valueAt(schedule, at) };
  return { points: [...schedule.points, point].sort((a, b) => a.at - b.at) };
}

/** Without one of its points, of which two have to stay. */
export function withoutPoint(schedule: Schedule, place: number): Schedule {
  if (typeof schedule === 'number' || !('points' in schedule) || schedule.points.length <= 2) return schedule;
  return { points: schedule.points.toSpliced(place, 1) };
}
