import { describe, expect, it, test } from 'vitest';
import { meanInterval, pairedT, seedsToDecide, signFlipP, spread, verdictOver } from './over-seeds';
import { criticalT, twoSidedP } from './student-t';

/** Hours of sleep that a drug adds for ten patients over another: “Student” 1908, the first paired t-test. */
const SLEEP = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
/** Darwin's fifteen pairs of maize, in eighths of an inch, on which Fisher (1935, section 21) made the permutation test. */
const MAIZE = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

describe('Student’s t', () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [4, 2.776445],
    [9, 2.262157],
    [30, 2.042272],
    [120, 1.97993],
  ])('of %i degrees of freedom leaves 5 %% beyond ±%f, as tables print it', (freedom, t) => {
    expect(criticalT(0.05, freedom)).toBeCloseTo(t, 4);
    expect(twoSidedP(t, freedom)).toBeCloseTo(0.05, 5);
  });

  it('is Cauchy’s distribution for one degree of freedom, and has 1 − t/√(2 + t²) for two', () => {
    expect(twoSidedP(1, 1)).toBeCloseTo(0.5, 12);
    expect(twoSidedP(-3, 2)).toBeCloseTo(1 - 3 / Math.sqrt(11), 12);
    expect(twoSidedP(0, 5)).toBe(1);
  });
});

test('paired t as “Student” and R’s t.test have it of the sleep data', () => {
  expect(pairedT(SLEEP)).toBeCloseTo(0.002833, 6);
  const [low, high] = meanInterval(SLEEP)!;
  expect([low, high].map((end) => end.toFixed(4))).toEqual(['0.7001', '2.4599']);
});

test('Darwin’s maize: t at 0.0497, and 1,726 of 32,768 signs for Fisher', () => {
  expect(pairedT(MAIZE)).toBeCloseTo(0.0497, 4);
  expect(signFlipP(MAIZE)).toBe(1726 / 32768);
});

test('five seeds of one sign can come to no less than 2 of 32', () => {
  expect(signFlipP([1, 2, 3, 4, 5])).toBe(2 / 32);
  expect(signFlipP(Array.from({ length: 21 }, () => 1))).toBeNull();
});

test('too few seeds tell nothing, and seeds that all agree tell all', () => {
  expect([pairedT([3]), meanInterval([3]), spread([])]).toEqual([null, null, null]);
  expect([pairedT([4, 4, 4]), pairedT([0, 0])]).toEqual([0, 1]);
});

describe('seedsToDecide', () => {
  // Two-sided 5 %, 80 %, one-sample or paired t: the table of G*Power (Faul et al. 2007) and of R's power.t.test.
  it.each([
    [0.3, 90],
    [0.4, 52],
    [0.5, 34],
    [0.6, 24],
    [0.8, 15],
    [1, 10],
  ])('an effect of %f takes %i', (effect, seeds) => {
    expect(seedsToDecide({ mean: effect, deviation: 1 })).toBe(seeds);
    expect(seedsToDecide({ mean: -7 * effect, deviation: 7 })).toBe(seeds);
  });

  it('says nothing beyond a hundred, nor of one seed', () => {
    expect(seedsToDecide({ mean: 0.2, deviation: 1 })).toBeNull();
    expect(seedsToDecide({ mean: 0, deviation: 1 })).toBeNull();
    expect(seedsToDecide({ mean: 5, deviation: null })).toBeNull();
    expect(seedsToDecide({ mean: 5, deviation: 0 })).toBe(2);
  });
});

test('a verdict goes by the cautious median of the seeds and by all their digits', () => {
  const pair = (onlyA: number, onlyB: number, p: number) => ({ onlyA, onlyB, p });
  expect(verdictOver([pair(2, 9, 0.01), pair(2, 9, 0.2)])).toEqual({ kind: 'same', p: 0.2 });
  expect(verdictOver([pair(2, 9, 0.01), pair(30, 1, 0.01)])).toEqual({ kind: 'worse', p: 0.01 });
  expect(verdictOver([])).toBeNull();
});

test('a spread is the mean and the sample deviation of the seeds that came to an end', () => {
  // Deviations −2, 0, 2: squares sum to 8, over n − 1 = 2.
  expect(spread([1, 3, null, 5])).toEqual({ mean: 3, deviation: 2 });
  expect(spread([7])).toEqual({ mean: 7, deviation: null });
  expect(spread([null])).toBeNull();
});
