import { describe, expect, it } from 'vitest';

import {
  HIGHEST_TEMPERATURE,
  LOWEST_TEMPERATURE,
  positionOf,
  SHOWN_TEMPERATURES,
  TEMPERATURE_STOPS,
  temperatureAt,
} from './temperature';

describe('temperature scale', () => {
  it('goes from 0.1 to 20', () => {
    expect([LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE]).toEqual([0.1, 20]);
    expect(TEMPERATURE_STOPS[0]).toBe(0.1);
    expect(TEMPERATURE_STOPS.at(-1)).toBe(20);
  });

  it('is logarithmic: every step is 5 to 10 % of where it starts', () => {
    TEMPERATURE_STOPS.slice(1).forEach((stop, i) => {
      const ratio = stop / TEMPERATURE_STOPS[i]!;
      // Stops have two decimals: 0.5 · 1.05 is one of them up to rounding in binary.
      expect(ratio).toBeGreaterThan(1.04);
      expect(ratio).toBeLessThan(1.1001);
    });
  });

  it('holds every temperature that is always shown', () => {
    for (const temperature of SHOWN_TEMPERATURES) expect(TEMPERATURE_STOPS).toContain(temperature);
  });

  it('turns positions into temperatures and back, and stays within its ends', () => {
    for (const [i, stop] of TEMPERATURE_STOPS.entries()) expect(positionOf(stop)).toBe(i);
    expect(temperatureAt(-5)).toBe(0.1);
    expect(temperatureAt(1e6)).toBe(20);
    expect(positionOf(3.99)).toBe(positionOf(4));
  });
});
