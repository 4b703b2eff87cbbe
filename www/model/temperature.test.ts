import { describe, expect, it } from 'vitest';

import { positionOf, SHOWN_TEMPERATURES, TEMPERATURE_STOPS, temperatureAt } from './temperature';

describe('temperature scale', () => {
  it('goes from 1 to 20 and always rises', () => {
    expect(TEMPERATURE_STOPS[0]).toBe(1);
    expect(TEMPERATURE_STOPS.at(-1)).toBe(20);
    TEMPERATURE_STOPS.forEach((stop, i) => {
      if (i > 0) expect(stop).toBeGreaterThan(TEMPERATURE_STOPS[i - 1]!);
    });
  });

  it('is finer below 4 than above', () => {
    const at = (t: number): number => temperatureAt(positionOf(t) + 1) - t;
    expect(at(2)).toBeCloseTo(0.05, 9);
    expect(at(5)).toBeCloseTo(0.25, 9);
    expect(at(12)).toBeCloseTo(0.5, 9);
  });

  it('holds every temperature that is always shown', () => {
    for (const temperature of SHOWN_TEMPERATURES) expect(TEMPERATURE_STOPS).toContain(temperature);
  });

  it('turns positions into temperatures and back, and stays within its ends', () => {
    for (const [i, stop] of TEMPERATURE_STOPS.entries()) expect(positionOf(stop)).toBe(i);
    expect(temperatureAt(-5)).toBe(1);
    expect(temperatureAt(1e6)).toBe(20);
    expect(positionOf(3.99)).toBe(positionOf(4));
  });
});
