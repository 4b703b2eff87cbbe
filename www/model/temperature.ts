/**
 * The slider's scale, logarithmic in round steps: each is 5 to 10 % of the temperature it starts from, and the temperatures
 * that are always shown lie on it.
 */

/** The temperatures that are always shown. */
export const SHOWN_TEMPERATURES = [1, 2, 4, 8, 20] as const;

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const SEGMENTS: readonly Segment[] = [
  { from: 0.1, to: 0.2, step: 0.01 },
  { from: 0.2, to: 0.5, step: 0.02 },
  { from: 0.5, to: 1, step: 0.05 },
  { from: 1, to: 2, step: 0.1 },
  { from: 2, to: 5, step: 0.2 },
  { from: 5, to: 10, step: 0.5 },
  { from: 10, to: 20, step: 1 },
];

/** The ends of the slider, and of what a link may set. */
export const LOWEST_TEMPERATURE = SEGMENTS[0]!.from;
export const HIGHEST_TEMPERATURE = SEGMENTS.at(-1)!.to;

function build(): number[] {
  const stops = [LOWEST_TEMPERATURE];
  for (const { from, to, step } of SEGMENTS) {
    const count = Math.round((to - from) / step);
    // Rounded to hundredths, or 1 + 3 · 0.1 would read 1.3000000000000003.
    for (let i = 1; i <= count; i += 1) stops.push(Math.round((from + i * step) * 100) / 100);
  }
  return stops;
}

/** Every temperature the slider can stand at, rising. */
export const TEMPERATURE_STOPS: readonly number[] = build();

/** The temperature at a slider position; positions outside the slider mean its ends. */
export function temperatureAt(position: number): number {
  const last = TEMPERATURE_STOPS.length - 1;
  return TEMPERATURE_STOPS[Math.min(last, Math.max(0, Math.round(position)))]!;
}

/** The slider position whose temperature is nearest. */
export function positionOf(temperature: number): number {
  let nearest = 0;
  TEMPERATURE_STOPS.forEach((stop, i) => {
    if (Math.abs(stop - temperature) < Math.abs(TEMPERATURE_STOPS[nearest]! - temperature)) nearest = i;
  });
  return nearest;
}
