import { describe, expect, it } from 'vitest';

import { CLASSES, entropy, entropyOfLogits, firstChoice, klDivergence, mostAlike, soften } from './softening';

// Expected figures: 40-digit decimal arithmetic (Python's decimal), outside this code. All logits are
// exact in binary. Tolerance 1e-12: ten roundings of double precision stay far below it.
const TEACHER = [-4.25, 1.5, 14.125, 3.0625, -7.5, -2.875, -6.0, 9.75, 2.25, -1.125];
const STUDENT = [-3.5, 0.25, 11.0, 4.5, -5.25, -3.0, -8.125, 10.5, 1.875, -0.5];
const EXPECTED = [
  {
    temperature: 1,
    two: 0.9875427648100199,
    four: 4.0080925423818726e-10,
    seven: 0.012431328793915074,
    entropy: 0.06722111510308679,
    kl: 0.4142970093586705,
  },
  {
    temperature: 2.35,
    two: 0.8486063865474079,
    four: 8.556044439246052e-5,
    seven: 0.1318801203877309,
    entropy: 0.5119500228736666,
    kl: 0.24039034741525125,
  },
  {
    temperature: 4,
    two: 0.6454367623589298,
    four: 0.0028970044028331855,
    seven: 0.2161942347517858,
    entropy: 1.1321672810578447,
    kl: 0.10983044449015178,
  },
  {
    temperature: 20,
    two: 0.1831320385471863,
    four: 0.062113130933085646,
    seven: 0.1471507269383594,
    entropy: 2.2428757463415994,
    kl: 0.003464057569170753,
  },
] as const;

/** The same, every class, where the first choice leaves the others next to nothing. */
const SHARP = [
  {
    temperature: 0.1,
    probabilities: [
      1.5790247972056966e-80, 1.4802042939055061e-55, 1, 9.0400938565167688e-49, 1.2128812670346684e-94,
      1.4788975056432133e-74, 3.964929932682316e-88, 9.9911715682242432e-20, 2.6762721454411435e-52,
      5.8896774308354238e-67,
    ],
    entropy: 4.4710492767803484e-18,
    kl: 0.006715348489118065,
  },
  {
    temperature: 0.35,
    probabilities: [
      1.5832083860910451e-23, 2.1596133257836238e-16, 0.99999627336069496, 1.8758177883610825e-14,
      1.4682621616505801e-27, 8.0481298509949107e-22, 1.0667574193989103e-25, 3.7266392841864839e-6,
      1.8408018039001862e-15, 1.1944483760539038e-19,
    ],
    entropy: 5.030963796441356e-5,
    kl: 0.21478493886058606,
  },
] as const;

describe('soften', () => {
  it.each(EXPECTED)('gives the figures computed outside at T = $temperature', (expected) => {
    const teacher = soften(TEACHER, expected.temperature);
    const student = soften(STUDENT, expected.temperature);
    expect(Math.abs(teacher.probabilities[2]! - expected.two)).toBeLessThan(1e-12);
    expect(Math.abs(teacher.probabilities[4]! - expected.four)).toBeLessThan(1e-12);
    expect(Math.abs(teacher.probabilities[7]! - expected.seven)).toBeLessThan(1e-12);
    expect(Math.abs(entropy(teacher) - expected.entropy)).toBeLessThan(1e-12);
    expect(Math.abs(klDivergence(teacher, student) - expected.kl)).toBeLessThan(1e-12);
  });

  it.each(SHARP)('keeps small figures right at T = $temperature, to 12 of their digits', (expected) => {
    const teacher = soften(TEACHER, expected.temperature);
    const isNear = (value: number, wanted: number): void =>
      expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-12);
    expected.probabilities.forEach((wanted, i) => {
      isNear(teacher.probabilities[i]!, wanted);
    });
    isNear(entropy(teacher), expected.entropy);
    isNear(entropyOfLogits(TEACHER, 0, expected.temperature), expected.entropy);
    isNear(klDivergence(teacher, soften(STUDENT, expected.temperature)), expected.kl);
  });

  it('sums to 1 at every temperature', () => {
    for (const temperature of [0.1, 1, 3.7, 20, 100]) {
      const sum = soften(TEACHER, temperature).probabilities.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
    }
  });

  it('does not overflow where exp(logit) would', () => {
    const { probabilities } = soften([1000, 990, -1000], 1);
    expect(probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-10)), 12);
    expect(probabilities[2]).toBe(0);
  });

  it('takes the Float32Array that an engine returns', () => {
    expect(soften(Float32Array.from(TEACHER), 4)).toEqual(soften(TEACHER, 4));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses T = %s by name', (temperature) => {
    expect(() => soften(TEACHER, temperature)).toThrow(/temperature: .* allowed: a number above 0/);
  });
});

describe('entropy and divergence', () => {
  it('is ln 10 where all digits are equally likely, and its limit as T grows', () => {
    expect(entropy(soften(new Array<number>(CLASSES).fill(3), 1))).toBeCloseTo(Math.log(10), 12);
    expect(entropy(soften(TEACHER, 1e6))).toBeCloseTo(Math.log(10), 9);
  });

  it('stays finite where probabilities underflow to 0', () => {
    const sure = soften([1000, 0], 1);
    expect(entropy(sure)).toBe(0);
    expect(klDivergence(sure, soften([0, 1000], 1))).toBeCloseTo(1000, 9);
  });

  it('is 0 from a model to itself and never negative', () => {
    for (const temperature of [1, 2, 4, 8, 20]) {
      const teacher = soften(TEACHER, temperature);
      expect(klDivergence(teacher, teacher)).toBe(0);
      expect(klDivergence(soften(STUDENT, temperature), teacher)).toBeGreaterThan(0);
    }
  });
});

describe('the entropy of many digits', () => {
  it('is that of each, wherever its logits begin', () => {
    const both = Float32Array.from([...TEACHER, ...STUDENT]);
    for (const temperature of [0.1, 1, 4, 20]) {
      const expected = entropy(soften(STUDENT, temperature));
      // A quotient of sums against a sum of products: ten roundings each.
      expect(Math.abs(entropyOfLogits(both, CLASSES, temperature) - expected)).toBeLessThan(1e-14);
    }
    expect(entropyOfLogits([1000, ...new Array<number>(9).fill(0)], 0, 0.1)).toBe(0);
  });
});

describe('choices', () => {
  it('takes the first of equal values', () => {
    expect(firstChoice([1, 3, 3])).toBe(1);
  });

  it('finds the class most alike besides the label, whether or not the label is first', () => {
    const targets = soften(TEACHER, 4);
    expect(mostAlike(targets, 2).digit).toBe(7);
    expect(mostAlike(targets, 7)).toEqual({ digit: 2, probability: targets.probabilities[2] });
  });
});
