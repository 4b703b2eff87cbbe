import { describe, expect, it } from 'vitest';

import { orderDigits } from './digit-order';

/** Log probabilities that matter here: of the classes 0 to 3. */
const known = {
  labels: [3, 2, 1, 2, 0],
  entropies: [0.1, 0.9, 0.1, 1.4, null],
  logProbabilities: [[-9, -9, -9, -0.1], [-9, -9, -0.1, -4], [-9, -0.1, -9, -800], [-1, -9, -1, -2], null],
};
const plain = { only: null, like: 3 };

describe('orderDigits', () => {
  it('puts the least sure first, equals by index, unmeasured last', () => {
    expect(orderDigits(known, { ...plain, sort: 'unsure' })).toEqual([3, 1, 0, 2, 4]);
  });

  it('sorts by index and by label', () => {
    expect(orderDigits(known, { ...plain, sort: 'order' })).toEqual([0, 1, 2, 3, 4]);
    expect(orderDigits(known, { ...plain, sort: 'label' })).toEqual([4, 2, 1, 3, 0]);
  });

  it('keeps one class only', () => {
    expect(orderDigits(known, { ...plain, sort: 'unsure', only: 2 })).toEqual([3, 1]);
    expect(orderDigits(known, { ...plain, sort: 'order', only: 9 })).toEqual([]);
  });

  it('finds a 2 that looks like a 3, and among all what is no 3', () => {
    expect(orderDigits(known, { sort: 'like', only: 2, like: 3 })).toEqual([3, 1]);
    expect(orderDigits(known, { sort: 'like', only: null, like: 3 })).toEqual([3, 1, 2, 4]);
    expect(orderDigits(known, { sort: 'like', only: 3, like: 3 })).toEqual([0]);
  });

  it('keeps the order of the set where nothing is measured', () => {
    const counted = {
      labels: [1, 0, 2],
      entropies: [null, null, null],
      logProbabilities: [null, null, null],
    };
    expect(orderDigits(counted, { ...plain, sort: 'unsure' })).toEqual([0, 1, 2]);
    expect(orderDigits(counted, { ...plain, sort: 'like' })).toEqual([0, 1, 2]);
  });
});
