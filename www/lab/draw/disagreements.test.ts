import { describe, expect, it } from 'vitest';

import type { Config } from '../../engine/generated/types';
import { comparedPair, differing, outcomeOf } from './disagreements';

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

  it('compares a picked model with what it was made from, else with the usual other one', () => {
    const learns_from = [{ model: 'teacher' }];
    const init = { derive: { from: 'control', by: 'copy', frozen: true } };
    const models = { teacher: {}, student: { learns_from }, control: {}, small: { init } };
    const pairs = [null, 'student', 'control', 'teacher', 'small', 'nobody'].map((picked) =>
      comparedPair({ models } as unknown as Config, picked),
    );
    expect(pairs).toEqual([
      ['student', 'control'],
      ['student', 'control'],
      ['control', 'student'],
      ['teacher', 'control'],
      ['small', 'control'],
      ['student', 'control'],
    ]);
    expect(comparedPair({ models: { control: {} } } as unknown as Config, 'control')).toEqual([
      'control',
      null,
    ]);
  });
});
