/** How long a probability's bar is, and how probabilities and nats are written. */

/** The smallest probability that the logarithmic axis shows. */
export const SMALLEST = 1e-12;

export interface Tick {
  /** Place along the axis, 0 to 1. */
  readonly at: number;
  readonly label: string;
}

/** Length of a bar as a share of the axis, 0 to 1. On the logarithmic axis what lies below 10⁻¹² has none. */
export function barLength(probability: number, logAxis: boolean): number {
  if (!logAxis) return probability;
  if (probability <= SMALLEST) return 0;
  return 1 - Math.log10(probability) / Math.log10(SMALLEST);
}

/** The axis never moves: 0 to 1, or 10⁻¹² to 1. */
export function ticks(logAxis: boolean): readonly Tick[] {
  if (logAxis) {
    return [
      { at: 0, label: '10⁻¹²' },
      { at: 0.5, label: '10⁻⁶' },
      { at: 1, label: '1' },
    ];
  }
  return [
    { at: 0, label: '0' },
    { at: 0.5, label: '' },
    { at: 1, label: '1' },
  ];
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const NO_BREAK = '\u00a0';

/** A power of ten, as in “10⁻⁹”. */
function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** A number by its logarithm to base ten, with so many figures, as in “2.0 × 10⁻⁹”; smaller than any double holds, if need be. */
export function scientific(log10: number, figures: number): string {
  if (log10 === -Infinity) return '0';
  const exponent = Math.floor(log10);
  const mantissa = (10 ** (log10 - exponent)).toPrecision(figures);
  // 9.96 is 10 in two figures.
  if (Number(mantissa) >= 10) return scientific(exponent + 1, figures);
  return `${mantissa} × ${powerOfTen(exponent)}`.replaceAll(' ', NO_BREAK);
}

/**
 * A probability in per cent with two significant figures, as in “4.1 %”, and below 0.01 % as “2.0 × 10⁻⁹”. Never 100 % or 0:
 * softmax gives neither, and rounding to them would say something false. `log`, the natural logarithm, is still known where
 * the probability itself is too small for a double.
 */
export function probabilityText(probability: number, log = Math.log(probability)): string {
  if (probability >= 0.995) return '> 99 %';
  if (probability < 0.0001) return scientific(log / Math.LN10, 2);
  const percent = Number((probability * 100).toPrecision(2));
  return `${percent >= 10 ? percent : (probability * 100).toPrecision(2)} %`;
}

/** A probability in the room of a few letters: below 1 % by its power of ten alone. */
export function shortProbabilityText(log: number): string {
  const probability = Math.exp(log);
  return probability < 0.01 ? powerOfTen(Math.round(log / Math.LN10)) : probabilityText(probability, log);
}

/** A probability as exact as a table needs: six significant figures. */
export function exactText(probability: number, log = Math.log(probability)): string {
  return probability < 1e-4 ? scientific(log / Math.LN10, 6) : probability.toPrecision(6);
}

/** Nats with two decimals, small ones with two significant figures. */
export function natsText(nats: number): string {
  if (nats >= 0.1) return nats.toFixed(2);
  return nats >= 0.001 ? nats.toPrecision(2) : scientific(Math.log10(nats), 2);
}
