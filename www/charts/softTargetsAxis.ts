/** How long a probability's bar is, and how probabilities and nats are written. */

/** The smallest probability that the logarithmic axis shows. */
export const SMALLEST = 1e-6;

export interface Tick {
  /** Place along the axis, 0 to 1. */
  readonly at: number;
  readonly label: string;
}

/** Length of a bar as a share of the axis, 0 to 1. On the logarithmic axis what lies below 10⁻⁶ has none. */
export function barLength(probability: number, logAxis: boolean): number {
  if (!logAxis) return probability;
  if (probability <= SMALLEST) return 0;
  return 1 - Math.log10(probability) / Math.log10(SMALLEST);
}

/** The axis never moves: 0 to 1, or 10⁻⁶ to 1. */
export function ticks(logAxis: boolean): readonly Tick[] {
  if (logAxis) {
    return [
      { at: 0, label: '10⁻⁶' },
      { at: 0.5, label: '10⁻³' },
      { at: 1, label: '1' },
    ];
  }
  return [
    { at: 0, label: '0' },
    { at: 0.5, label: '' },
    { at: 1, label: '1' },
  ];
}

/**
 * A probability in per cent with two significant figures, as in “4.1 %”. Never 100 % or 0 %: softmax
 * gives neither, and rounding to them would say something false.
 */
export function percentText(probability: number): string {
  if (probability >= 0.995) return '> 99 %';
  if (probability < 0.0001) return '< 0.01 %';
  const percent = Number((probability * 100).toPrecision(2));
  return `${percent >= 10 ? percent : (probability * 100).toPrecision(2)} %`;
}

/** A probability as exact as a table needs: six significant figures. */
export function exactText(probability: number): string {
  return probability < 1e-4 ? probability.toExponential(5) : probability.toPrecision(6);
}

/** Nats with two decimals, small ones with two significant figures. */
export function natsText(nats: number): string {
  if (nats >= 0.1) return nats.toFixed(2);
  if (nats < 0.00005) return '< 0.0001';
  return nats >= 0.001 ? nats.toPrecision(2) : nats.toFixed(4);
}
