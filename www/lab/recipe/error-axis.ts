/** The axis of a picture of errors: from the fewest to the most, by powers of ten where they lie far apart. */

export interface ErrorAxis {
  readonly isLogarithmic: boolean;
  readonly ticks: readonly number[];
  /** Where a number of errors lies, from 0 at the axis's start to 1 at its end. */
  at(errors: number): number;
}

// From here on a linear axis would press the smaller ones together.
const FAR_APART = 4;
const MOST_TICKS = 4;
// Room at both ends, as a share of the axis, so that no mark hangs over it.
const MARGIN = 0.06;
// Three digits on one axis at least: seeds that agree to a digit are not torn apart.
const NARROWEST = 10;

export function errorAxis(errors: readonly number[]): ErrorAxis {
  const [fewest, most] = [Math.min(...errors), Math.max(...errors)];
  const isLogarithmic = fewest > 0 && most / fewest >= FAR_APART;
  const scale = isLogarithmic ? Math.log10 : (value: number) => value;
  const span = Math.max(scale(most) - scale(fewest), isLogarithmic ? 0 : NARROWEST);
  const middle = (scale(most) + scale(fewest)) / 2;
  const length = span / (1 - 2 * MARGIN);
  const start = middle - length / 2;
  const at = (value: number): number => (scale(value) - start) / length;
  const isOn = (value: number): boolean => at(value) >= 0 && at(value) <= 1;
  const [from, to] = isLogarithmic ? [10 ** start, 10 ** (start + length)] : [start, start + length];
  const ticks = (isLogarithmic ? decades(from, to) : steps(from, to)).filter(isOn);
  return { isLogarithmic, ticks, at };
}

/** Multiples of 1, 2 or 5 times a power of ten, as few as are told apart at a glance. */
function steps(from: number, to: number): number[] {
  const rough = (to - from) / MOST_TICKS;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, decade * ([1, 2, 5].find((factor) => factor * decade >= rough) ?? 10));
  const first = Math.ceil(Math.max(0, from) / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step);
}

/** Powers of ten, and between them twice and five times these where there is room. */
function decades(from: number, to: number): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log10(to)) + 1 }, (_, power) => 10 ** power);
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const within = (all: number[]): number[] => all.filter((value) => value >= from && value <= to);
  return within(fine).length <= MOST_TICKS ? within(fine) : within(powers);
}
