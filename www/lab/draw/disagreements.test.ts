import { describe, expect, it } from 'vitest';

import { differing, outcomeOf } from './disagreements';

describe('disagreements', () => {
  it('finds the digits on which first choices differ', () => {
    expect(differing([7, 2, 1, 0], [7, 3, 1, 6])).toEqual([1, 3]);
  });

  it('says who is right', () => {
    const of = (label: number, a: number, b: number) => outcomeOf({ index: 0, label, a, b });
    expect(of(2, 2, 3)).toBe('a');
    expect(of(3, 2, 3)).toBe('b');
    expect(of(9, 2, 3)).toBe('neither');
  });
});
