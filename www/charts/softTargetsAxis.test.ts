import { describe, expect, it } from 'vitest';

import { barLength, exactText, natsText, percentText, SMALLEST } from './softTargetsAxis';

describe('bars', () => {
  it('are as long as the probability on the linear axis', () => {
    expect([0, 0.25, 1].map((p) => barLength(p, false))).toEqual([0, 0.25, 1]);
  });

  it('span six decades on the logarithmic axis', () => {
    expect(barLength(1, true)).toBe(1);
    expect(barLength(1e-3, true)).toBeCloseTo(0.5, 12);
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
    [1e-9, '< 0.01 %'],
  ])('writes %s as %s', (probability, text) => {
    expect(percentText(probability)).toBe(text);
  });

  it('writes exact figures with six digits', () => {
    expect(exactText(0.6454367623589298)).toBe('0.645437');
    expect(exactText(4.0080925e-10)).toBe('4.00809e-10');
  });

  it.each([
    [2.2428, '2.24'],
    [0.0672, '0.067'],
    [0.01, '0.010'],
    [0.000467, '0.0005'],
    [0, '< 0.0001'],
  ])('writes %s nats as %s', (nats, text) => {
    expect(natsText(nats)).toBe(text);
  });
});
