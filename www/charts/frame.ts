/** The frame that charts share, so that an epoch stands at the same place in each. */

export const CHART_MARGINS = { marginLeft: 44, marginRight: 16, marginTop: 24, marginBottom: 36 } as const;

const PX_PER_TICK = 56;

/** Whole epochs for the axis, as many as have room. */
export function epochTicks(epochs: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / PX_PER_TICK));
  const steps = [1, 2, 5, 10, 20, 50, 100, 200];
  const step = steps.find((candidate) => epochs / candidate <= room) ?? epochs;
  return Array.from({ length: Math.floor(epochs / step) + 1 }, (_, i) => i * step);
}

/** The epoch nearest to a pointer, given its place and the chart's width in pixels. */
export function epochAt(x: number, width: number, epochs: number): number {
  const inner = width - CHART_MARGINS.marginLeft - CHART_MARGINS.marginRight;
  return Math.round(((x - CHART_MARGINS.marginLeft) / inner) * epochs);
}
