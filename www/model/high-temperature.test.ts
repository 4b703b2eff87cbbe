import { describe, expect, it } from 'vitest';
import type { SoftTerm } from '../engine/generated/types';
import { type Asked, digitLoss, type LossMix, norm } from './digit-loss';
import { distanceFromLimit, limitFactor, limitGradient, sizeKept, softToHard } from './high-temperature';

const ASKED: Asked = {
  logits: [1.2, -0.4, 3.1, 0.3, -2.2, 0.8, -1.1, 2.7, 0.1, -0.6],
  label: 2,
  teachers: [{ logits: [-3.1, -1.4, 9.2, 2.3, -4.2, -0.8, -5.1, 4.7, 1.1, -2.6], weight: 2 }],
  combine: 'mean_of_probabilities',
};
const MIX: LossMix = {
  hardWeight: 0.1,
  labelSmoothing: 0,
  softWeight: 0.9,
  soft: 'cross_entropy',
  temperature: 4,
  tSquared: true,
};
const MATCHING: readonly SoftTerm[] = [
  'cross_entropy',
  'kl',
  'reverse_kl',
  { jensen_shannon: { beta: 0.3 } },
];

describe('at high temperature', () => {
  it.each(MATCHING)('the gradient of %j tends to (z − v) / (N T²), twice as near at twice the T', (soft) => {
    const mix = { ...MIX, soft };
    const [near, nearer] = [500, 1000].map((t) => distanceFromLimit(ASKED, mix, t)!);
    // Of the first order in z / T, which is some hundredths at T = 500.
    expect(near).toBeLessThan(0.02);
    expect(nearer! / near!).toBeGreaterThan(0.45);
    expect(nearer! / near!).toBeLessThan(0.55);
  });

  it.each([...MATCHING, { decoupled: { target: 1, non_target: 8 } }])(
    'T² keeps the size of the gradient of %j',
    (soft) => {
      const kept = sizeKept(ASKED, { ...MIX, soft })!;
      expect(Math.abs(kept.with - 1)).toBeLessThan(0.01);
      expect(Math.abs(kept.without - 0.25)).toBeLessThan(0.0025);
    },
  );

  it('there is nothing to keep without a temperature, a teacher or a difference', () => {
    expect(sizeKept(ASKED, { ...MIX, soft: 'logit_mse' })).toBeNull();
    expect(sizeKept({ ...ASKED, teachers: [] }, MIX)).toBeNull();
    expect(sizeKept({ ...ASKED, logits: ASKED.teachers[0]!.logits }, MIX)).toBeNull();
  });

  it('a shift of all logits of one side changes nothing', () => {
    const moved = Array.from(ASKED.logits, (logit) => logit + 100);
    const [a, b] = [ASKED.logits, moved].map((logits) => limitGradient(logits, ASKED.teachers, 10, 1));
    for (const [i, slope] of a!.entries()) expect(slope).toBeCloseTo(b![i]!, 12);
  });

  it('distances of logits, labels of a teacher and decoupled classes have no such limit', () => {
    const others: SoftTerm[] = ['logit_mse', 'teacher_labels', { decoupled: { target: 1, non_target: 8 } }];
    expect(others.map(limitFactor)).toEqual([null, null, null]);
    expect(others.map((soft) => distanceFromLimit(ASKED, { ...MIX, soft }, 100))).toEqual([null, null, null]);
    expect(distanceFromLimit({ ...ASKED, teachers: [] }, MIX, 100)).toBeNull();
  });
});

describe('soft against hard', () => {
  it('the ratio is that of the gradients, weights left out', () => {
    const { hard, soft } = digitLoss(ASKED, MIX);
    const bare = (norm(soft!.gradient) / 0.9 / norm(hard.gradient)) * 0.1;
    expect(softToHard(ASKED, MIX, 4, true)).toBeCloseTo(bare, 12);
    expect(softToHard(ASKED, MIX, 4, false)).toBeCloseTo(bare / 16, 12);
    expect(softToHard(ASKED, { ...MIX, hardWeight: 0 }, 4, true)).toBeCloseTo(bare, 12);
  });

  it('is none where nobody teaches', () => {
    expect(softToHard({ ...ASKED, teachers: [] }, MIX, 4, true)).toBeNull();
  });
});
