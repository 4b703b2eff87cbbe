import { describe, expect, it } from 'vitest';

import { orderDigits } from './digit-order';

const known = { labels: [7, 2, 1, 2, 0], entropies: [0.1, 0.9, 0.1, 1.4, null] };

describe('orderDigits', () => {
  it('puts the least sure first, equals by index, unmeasured last', () => {
    expect(orderDigits(known, 'unsure', null)).toEqual([3, 1, 0, 2, 4]);
  });

  it('sorts by index and by label', () => {
    expect(orderDigits(known, 'order', null)).toEqual([0, 1, 2, 3, 4]);
    expect(orderDigits(known, 'label', null)).toEqual([4, 2, 1, 3, 0]);
  });

  it('keeps one class only', () => {
    expect(orderDigits(known, 'unsure', 2)).toEqual([3, 1]);
    expect(orderDigits(known, 'order', 9)).toEqual([]);
  });
});
