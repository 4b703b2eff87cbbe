/**
 * The slider's scale. Most of what temperature changes happens below 4, so the steps are finer
 * there: 0.05 from 1 to 4, 0.25 from 4 to 10, 0.5 from 10 to 20.
 */

/** The temperatures that are always shown. */
export const SHOWN_TEMPERATURES = [1, 2, 4, 8, 20] as const;

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const SEGMENTS: readonly Segment[] = [
  { from: 1, to: 4, step: 0.05 },
  { from: 4, to: 10, step: 0.25 },
  { from: 10, to: 20, step: 0.5 },
];

function build(): number[] {
  const stops = [SEGMENTS[0]!.from];
  for (const { from, to, step } of SEGMENTS) {
    const count = Math.round((to - from) / step);
    // Rounded to hundredths, or 1 + 3 · 0.05 would read 1.1500000000000001.
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
