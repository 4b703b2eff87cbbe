/** The value of a schedule over training: the same arithmetic as the crate's `src/distill/schedule.rs`. */

import type { Point, Schedule } from '../engine/generated/types';

/** The value at `progress`: 0 at the first step, 1 after the last. */
export function valueAt(schedule: Schedule, progress: number): number {
  if (typeof schedule === 'number') return schedule;
  if ('linear' in schedule) {
    const { from, to } = schedule.linear;
    return from + (to - from) * progress;
  }
  if ('cosine' in schedule) {
    const { from, to } = schedule.cosine;
    return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
  if ('step' in schedule) {
    const { from, to, at } = schedule.step;
    return progress < at ? from : to;
  }
  return between(schedule.points, progress);
}

/** The value at `progress` on straight lines through points, level before the first and after the last. */
function between(points: readonly Point[], progress: number): number {
  const next = points.findIndex(({ at }) => at > progress);
  const after = points[next];
  if (!after) return points.at(-1)?.value ?? 0;
  const before = points[next - 1];
  if (!before) return after.value;
  return before.value + ((after.value - before.value) * (progress - before.at)) / (after.at - before.at);
}

/** Whether the value is the same all the time, however it is written. */
export function isConstant(schedule: Schedule): boolean {
  if (typeof schedule === 'number') return true;
  if ('points' in schedule) return schedule.points.every(({ value }) => value === schedule.points[0]?.value);
  const ramp =
    'linear' in schedule ? schedule.linear : 'cosine' in schedule ? schedule.cosine : schedule.step;
  return ramp.from === ramp.to;
}
