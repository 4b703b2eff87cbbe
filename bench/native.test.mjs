import { describe, expect, test } from 'vitest';
import { netOf, optionsOf } from './native/options.mjs';
import { mismatches, rows } from './native/report.mjs';

describe('options', () => {
  test('defaults, also for empty variables, which make exports', () => {
    expect(optionsOf({ NETS: ' ' })).toMatchObject({
      NETS: expect.arrayContaining(['30', 'vit']),
      BATCH: 128,
    });
    expect(netOf('rnn').net).toEqual({ rnn: {} });
    expect(netOf('300').net).toEqual({ mlp: { hidden: [300, 300] } });
  });
  test.each([
    [{ NETS: 'wide' }, /NETS="wide".*1 to 2048, and cnn, vit, rnn/],
    [{ BATCH: '0' }, /BATCH.*1 to 2048/],
    [{ DOC: 'maybe' }, /DOC="maybe".*yes or no/],
  ])('%o is refused with what is allowed', (environment, message) => {
    expect(() => optionsOf(environment)).toThrow(message);
  });
});

test('a table has medians, ratios, and what was not timed', () => {
  const results = {
    distillery: { apart: 0, segments: [2, 1, 9] },
    jax: { apart: 0, segments: [3, 5, 4] },
    numpy: { failure: 'cannot' },
  };
  const run = {
    engines: Object.keys(results),
    tolerance: 1e-3,
    nets: [{ name: 'MLP', flopsPerStep: 4e6, results }],
  };
  expect(rows(run).at(-1)).toBe('| MLP | 2.00 | 4.00 | – | 2.00 | – | 2.0 |');
  expect(mismatches(run)).toEqual([]);
  results.jax = { apart: 0.5 };
  expect(rows(run).at(-1)).toContain('another loss');
  expect(mismatches(run)[0]).toContain('jax reaches another loss: off by 0.5');
});
