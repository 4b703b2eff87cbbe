import { describe, expect, it } from 'vitest';

import {
  barLength,
  exactText,
  natsText,
  probabilityText,
  SMALLEST,
  shortProbabilityText,
} from './softTargetsAxis';

/** Figures do not break across lines; here they are written with plain spaces. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('bars', () => {
  it('are as long as the probability on the linear axis', () => {
    expect([0, 0.25, 1].map((p) => barLength(p, false))).toEqual([0, 0.25, 1]);
  });

  it('span twelve decades on the logarithmic axis', () => {
    expect(barLength(1, true)).toBe(1);
    expect(barLength(1e-6, true)).toBeCloseTo(0.5, 12);
    expect(barLength(SMALLEST, true)).toBe(0);
    expect(barLength(0, true)).toBe(0);
  });
});

describe('figures', () => {
  it.each([
    [0.041, '4.1 %'],
    [0.6454, '65 %'],
    [0.0999, '10 %'],
    [0.00123, '0.12 %'],
    [0.04, '4.0 %'],
    [0.9999, '> 99 %'],
    [1e-9, '1.0 × 10⁻⁹'],
    [2.04e-9, '2.0 × 10⁻⁹'],
    [9.96e-6, '1.0 × 10⁻⁵'],
    [9.99e-5, '1.0 × 10⁻⁴'],
    [4e-180, '4.0 × 10⁻¹⁸⁰'],
  ])('writes %s as %s', (probability, text) => {
    expect(plain(probabilityText(probability))).toBe(text);
  });

  it('writes exact figures with six digits', () => {
    expect(exactText(0.6454367623589298)).toBe('0.645437');
    expect(plain(exactText(4.0080925e-10))).toBe('4.00809 × 10⁻¹⁰');
  });

  it('writes what no double holds by its logarithm, and 0 only where there is nothing', () => {
    expect(plain(probabilityText(0, -800))).toBe('3.7 × 10⁻³⁴⁸');
    expect(plain(exactText(0, -800))).toBe('3.66787 × 10⁻³⁴⁸');
    expect(probabilityText(0)).toBe('0');
  });

  it('writes a power of ten alone where room is short', () => {
    expect(shortProbabilityText(Math.log(0.041))).toBe('4.1 %');
    expect(shortProbabilityText(Math.log(0.0043))).toBe('10⁻²');
    expect(shortProbabilityText(Math.log(2e-9))).toBe('10⁻⁹');
    expect(shortProbabilityText(-800)).toBe('10⁻³⁴⁷');
  });

  it.each([
    [2.2428, '2.24'],
    [0.0672, '0.067'],
    [0.01, '0.010'],
    [0.000467, '4.7 × 10⁻⁴'],
    [4.47e-18, '4.5 × 10⁻¹⁸'],
    [0, '0'],
  ])('writes %s nats as %s', (nats, text) => {
    expect(plain(natsText(nats))).toBe(text);
  });
});
