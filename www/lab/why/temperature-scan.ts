/** Gradients of a digit's loss over temperature: soft against hard, and how near the soft one is to the matching of logits. */

import type { Asked, LossMix } from '../../model/digit-loss';
import { distanceFromLimit, softToHard } from '../../model/high-temperature';

/** Where the charts' axes end; a config may set T up to here. */
export const LOWEST = 0.5;
export const HIGHEST = 100;
const POINTS = 47;

/** Evenly spaced along the logarithm of T. */
export const SCANNED: readonly number[] = Array.from(
  { length: POINTS },
  (_, i) => LOWEST * (HIGHEST / LOWEST) ** (i / (POINTS - 1)),
);

/** Temperatures of the table. */
export const TABLED = [1, 2, 4, 8, 20, 50, 100] as const;

export interface AtTemperature {
  readonly temperature: number;
  /** Length of the soft gradient over that of the hard one, weights left out, with T² and without. */
  readonly squared: number;
  readonly plain: number;
  /** How far the soft gradient is from (z − v) / (N T²), as a share of that; null where it does not tend to it. */
  readonly distance: number | null;
}

/** Null where there is nothing to compare. */
export function scanAt(asked: Asked, mix: LossMix, temperature: number): AtTemperature | null {
  const squared = softToHard(asked, mix, temperature, true);
  const plain = softToHard(asked, mix, temperature, false);
  if (squared === null || plain === null) return null;
  return { temperature, squared, plain, distance: distanceFromLimit(asked, mix, temperature) };
}

export function scanOver(asked: Asked, mix: LossMix, temperatures: readonly number[]): AtTemperature[] {
  return temperatures.flatMap((temperature) => scanAt(asked, mix, temperature) ?? []);
}
