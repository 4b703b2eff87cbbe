import { expect, test } from 'vitest';
import { verdict } from './measured';

const against = (...seeds: ([number, number, number] | null)[]) => ({
  only_model_wrong: seeds.map((seed) => seed?.[0] ?? null),
  only_other_wrong: seeds.map((seed) => seed?.[1] ?? null),
  p: seeds.map((seed) => seed?.[2] ?? null),
});

// The same cases as `verdicts_follow_the_median_probability_and_the_paired_difference` of the command line.
test('a verdict follows the median p and the difference over all seeds', () => {
  const [sure, less, unsure] = [0.0001, 0.01, 0.2].map((p): [number, number, number] => [2, 9, p]);
  expect(verdict(against(sure!, unsure!, less!))).toEqual({ kind: 'better', p: 0.01 });
  expect(verdict(against(sure!, unsure!, unsure!))).toEqual({ kind: 'same', p: 0.2 });
  expect(verdict(against(sure!, unsure!)), 'the cautious one of two').toEqual({ kind: 'same', p: 0.2 });
  expect(verdict(against(sure!, [30, 1, 0.01], less!))).toEqual({ kind: 'worse', p: 0.01 });
  expect(verdict(against(less!, null, null))).toEqual({ kind: 'better', p: 0.01 });
  expect(verdict(against(null))).toBeNull();
});

test('p at the threshold tells nothing apart', () => {
  expect(verdict(against([2, 9, 0.05]))?.kind).toBe('same');
  expect(verdict(against([2, 9, 0.0499]))?.kind).toBe('better');
});
