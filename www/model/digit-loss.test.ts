import { describe, expect, it } from 'vitest';
import type { Model, SoftTerm } from '../engine/generated/types';
import { combinedTargets } from './combined-targets';
import {
  type Asked,
  differenceGradient,
  digitLoss,
  type LossMix,
  mixAt,
  norm,
  softFactor,
} from './digit-loss';
import { soften } from './softening';

const STUDENT = [1.2, -0.4, 3.1, 0.3, -2.2, 0.8, -1.1, 2.7, 0.1, -0.6];
const TEACHER = [-3.1, -1.4, 9.2, 2.3, -4.2, -0.8, -5.1, 4.7, 1.1, -2.6];
const OTHER = [0.4, 2.2, 5.1, -1.3, 0.2, -2.8, 1.1, 6.7, -0.1, 0.6];
const ASKED: Asked = {
  logits: STUDENT,
  label: 2,
  teachers: [{ logits: TEACHER, weight: 1 }],
  combine: 'mean_of_probabilities',
};
const MIX: LossMix = {
  hardWeight: 0.3,
  labelSmoothing: 0.1,
  softWeight: 0.7,
  soft: 'cross_entropy',
  temperature: 3,
  tSquared: true,
};
const TERMS: readonly SoftTerm[] = [
  ...['cross_entropy', 'kl', 'logit_mse', 'reverse_kl', 'teacher_labels'].map((term) => term as SoftTerm),
  { jensen_shannon: { beta: 0.2 } },
  { decoupled: { target: 1, non_target: 8 } },
];

describe('the loss of a digit', () => {
  it.each(TERMS)('has the gradient of finite differences with %j', (soft) => {
    for (const tSquared of [true, false]) {
      const mix = { ...MIX, soft, tSquared };
      const { gradient, hard, soft: part } = digitLoss(ASKED, mix);
      const differences = differenceGradient(ASKED, mix);
      // Rounding of a loss of up to 200 over steps of 1e-5.
      for (const [i, slope] of gradient.entries())
        expect(Math.abs(slope - differences[i]!)).toBeLessThan(2e-8);
      expect(gradient).toEqual(hard.gradient.map((slope, i) => slope + part!.gradient[i]!));
    }
  });

  it('is weight by weight what it is made of', () => {
    const { total, hard, soft } = digitLoss(ASKED, MIX);
    const q = soften(STUDENT, 1).logProbabilities;
    const smoothed = q.reduce((sum, log, i) => sum - log * (0.01 + (i === 2 ? 0.9 : 0)), 0);
    expect(hard.value).toBeCloseTo(smoothed, 12);
    expect(soft!.factor).toBeCloseTo(0.7 * 9, 12);
    expect(total).toBeCloseTo(0.3 * hard.value + 6.3 * soft!.value, 12);
    expect(softFactor({ ...MIX, tSquared: false })).toBe(0.7);
    expect(softFactor({ ...MIX, soft: 'logit_mse' })).toBe(0.7);
  });

  it('is the label alone for a model that nobody teaches', () => {
    const { soft, targets, total, hard } = digitLoss({ ...ASKED, teachers: [] }, MIX);
    expect([soft, targets, total]).toEqual([null, null, 0.3 * hard.value]);
  });

  it('of student and teacher that say the same is the least there is', () => {
    const same = { ...ASKED, logits: TEACHER };
    for (const soft of ['kl', 'reverse_kl', 'logit_mse'] as const) {
      const part = digitLoss(same, { ...MIX, soft }).soft!;
      expect(Math.abs(part.value)).toBeLessThan(1e-14);
      expect(norm(part.gradient)).toBeLessThan(1e-14);
    }
  });
});

describe('several teachers', () => {
  const teachers = [
    { logits: TEACHER, weight: 1 },
    { logits: OTHER, weight: 3 },
  ];

  it('are averaged by their weights, as probabilities or as logits', () => {
    const near = (found: readonly number[], expected: readonly number[]): void => {
      for (const [i, one] of found.entries()) expect(one).toBeCloseTo(expected[i]!, 14);
    };
    const mean = (a: readonly number[], b: readonly number[]): number[] =>
      a.map((one, i) => 0.25 * one + 0.75 * b[i]!);
    const [a, b] = [soften(TEACHER, 2).probabilities, soften(OTHER, 2).probabilities];
    const logits = mean(TEACHER, OTHER);
    near(combinedTargets(teachers, 'mean_of_probabilities', 'kl', 2), mean(a, b));
    near(combinedTargets(teachers, 'mean_of_logits', 'kl', 2), soften(logits, 2).probabilities);
    near(combinedTargets(teachers, 'mean_of_probabilities', 'logit_mse', 2), logits);
  });
});

describe('the mix of an objective', () => {
  const model = (objective: object, teachers = ['teacher']): Model =>
    ({ learns_from: teachers.map((name) => ({ model: name })), objective }) as unknown as Model;

  it('follows its schedules', () => {
    const objective = {
      hard_weight: { linear: { from: 0, to: 1 } },
      temperature: { step: { from: 8, to: 2, at: 0.5 } },
      soft: 'reverse_kl',
      t_squared: false,
      label_smoothing: 0.2,
    };
    expect(mixAt(model(objective), 0.25)).toEqual({
      hardWeight: 0.25,
      labelSmoothing: 0.2,
      softWeight: 0.75,
      soft: 'reverse_kl',
      temperature: 8,
      tSquared: false,
    });
    expect(mixAt(model({ ...objective, soft_weight: 5 }), 1)).toMatchObject({
      softWeight: 5,
      temperature: 2,
    });
  });

  it('is labels alone without a teacher', () => {
    expect(mixAt(model({ hard_weight: 0.1 }, []), 0)).toMatchObject({ hardWeight: 1, softWeight: 0 });
  });
});
