import { expect, test } from 'vitest';
import type { Schedule } from '../../engine/generated/types';
import { valueAt } from '../../model/schedule';
import {
  handlesOf,
  KINDS,
  kindOf,
  movedTo,
  sampled,
  turnedInto,
  withoutPoint,
  withPointAt,
} from './schedules';

test('a schedule of another kind begins and ends where it did', () => {
  for (const kind of KINDS.filter((name) => name !== 'constant')) {
    const turned = turnedInto(kind, { linear: { from: 6, to: 2 } });
    expect(kindOf(turned)).toBe(kind);
    expect([valueAt(turned, 0), valueAt(turned, 1)]).toEqual([6, 2]);
  }
  expect(turnedInto('constant', { cosine: { from: 3, to: 0 } })).toBe(3);
});

test('a picture has both ends', () => {
  expect(sampled({ linear: { from: 0, to: 4 } }, 5)).toEqual([0, 1, 2, 3, 4]);
});

const points: Schedule = {
  points: [
    { at: 0, value: 4 },
    { at: 0.5, value: 2 },
    { at: 1, value: 0 },
  ],
};

test('a handle that is moved is where it was put, and its moment between its neighbours', () => {
  for (const kind of KINDS) {
    const schedule = turnedInto(kind, { linear: { from: 6, to: 2 } });
    for (const [place, handle] of handlesOf(schedule).entries()) {
      expect(valueAt(schedule, handle.at)).toBeCloseTo(handle.value, 9);
      const moved = movedTo(schedule, place, handle.at, 5);
      expect(valueAt(moved, handle.at), `${kind} ${place}`).toBeCloseTo(5, 9);
      expect(kindOf(moved)).toBe(kind);
    }
  }
  expect(handlesOf(movedTo(points, 1, 0.3, 3))[1]).toMatchObject({ at: 0.3, value: 3 });
  expect(handlesOf(movedTo(points, 1, 7, 3))[1]?.at).toBe(0.99);
  expect(handlesOf(movedTo(points, 1, -7, 3))[1]?.at).toBe(0.01);
  expect(movedTo({ step: { from: 1, to: 0, at: 0.5 } }, 1, 0.7, 0.2)).toEqual({
    step: { from: 1, to: 0.2, at: 0.7 },
  });
  // The ends of a line stay at the ends.
  expect(movedTo({ linear: { from: 1, to: 0 } }, 1, 0.4, 0.5)).toEqual({ linear: { from: 1, to: 0.5 } });
});

test('a point more lies on the line as it was, and two points stay', () => {
  const more = withPointAt(points, 0.25);
  expect(handlesOf(more).map(({ at, value }) => [at, value])).toEqual([
    [0, 4],
    [0.25, 3],
    [0.5, 2],
    [1, 0],
  ]);
  expect(withoutPoint(more, 1)).toEqual(points);
  expect(withPointAt(points, 0.5)).toBe(points);
  expect(withPointAt(3, 0.5)).toBe(3);
  const two = withoutPoint(points, 1);
  expect(withoutPoint(two, 0)).toBe(two);
});
