import { expect, test } from 'vitest';
import { valueAt } from '../../model/schedule';
import { KINDS, kindOf, sampled, turnedInto } from './schedules';

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
