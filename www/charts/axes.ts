/** Axes that move only when they must: ends from a short list, so that one more point seldom changes them. */

const ACCURACY_FLOORS = [98, 95, 90, 80, 60, 40, 20, 0];
// Room below the lowest point, as a share of the axis, so that it does not lie on the frame.
const MARGIN = 0.05;

/** The axis of accuracies in per cent: the narrowest of few that shows every point. */
export function accuracyAxis(percentages: readonly number[]): [number, number] {
  const lowest = Math.min(100, ...percentages);
  const floor = ACCURACY_FLOORS.find((candidate) => lowest >= candidate + (100 - candidate) * MARGIN);
  return [percentages.length === 0 ? 80 : (floor ?? 0), 100];
}

/** The axis of losses from 0 to the next end above the largest value. */
export function lossAxis(values: readonly number[]): [number, number] {
  const largest = Math.max(0, ...values.filter((value) => Number.isFinite(value)));
  const step = largest > 5 ? 5 : largest > 1 ? 0.5 : 0.25;
  return [0, Math.max(1, Math.ceil(largest / step) * step)];
}

/** An axis of terms of any size, from 0 to 1, 2 or 5 times a power of ten. */
export function termAxis(values: readonly number[]): [number, number] {
  const largest = Math.max(0, ...values.filter((value) => Number.isFinite(value)));
  if (largest === 0) return [0, 1];
  const decade = 10 ** Math.floor(Math.log10(largest));
  return [0, decade * ([1, 2, 5].find((factor) => factor * decade >= largest) ?? 10)];
}

/**
 * At most so many points, each the mean of its neighbours, so that a long run draws as fast as a short one. Neighbours that
 * are no numbers do not count; where all are none the mean is none, and a line through the points has a gap.
 */
export function thinned<T extends { epoch: number }>(
  points: readonly T[],
  most: number,
  value: (point: T) => number,
): { epoch: number; value: number }[] {
  const size = Math.max(1, Math.ceil(points.length / most));
  const result: { epoch: number; value: number }[] = [];
  for (let start = 0; start < points.length; start += size) {
    const group = points.slice(start, start + size);
    const known = group.map(value).filter((one) => Number.isFinite(one));
    const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
    result.push({ epoch: group.at(-1)?.epoch ?? 0, value: mean });
  }
  return result;
}

const FACTORS = [1, 2, 5];

/** Values of 1, 2 or 5 times a power of ten between two ends, rising. */
function roundValues(low: number, high: number, factors: readonly number[]): number[] {
  const values: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); 10 ** exponent <= high; exponent += 1) {
    for (const factor of factors) {
      // As text and back: 2 · 10^−1 is 0.2 and not 0.2 and a bit.
      const value = Number(`${factor}e${exponent}`);
      if (value >= low && value <= high) values.push(value);
    }
  }
  return values;
}

/** A logarithmic axis of values above 0, with room around them, from 1, 2 or 5 times a power of ten to another. */
export function logAxis(values: readonly number[]): [number, number] {
  const [lowest, highest] = [Math.min(...values) * (1 - MARGIN), Math.max(...values) * (1 + MARGIN)];
  const around = roundValues(lowest / 10, highest * 10, FACTORS);
  return [
    around.findLast((value) => value <= lowest) ?? lowest,
    around.find((value) => value >= highest) ?? highest,
  ];
}

/** Marks of a logarithmic axis: as many round values as there is room for. */
export function logTicks([low, high]: readonly [number, number], most: number): number[] {
  const choices = [FACTORS, [1, 3], [1]].map((factors) => roundValues(low, high, factors));
  const fitting = choices.find((values) => values.length <= most) ?? choices.at(-1)!;
  const every = Math.ceil(fitting.length / most);
  return fitting.filter((_, i) => i % every === 0);
}
