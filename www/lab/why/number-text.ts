/** Numbers inside formulas: three significant figures, a true minus, powers of ten for what is very small or large. */

import { scientific } from '../../charts/softTargetsAxis';
import { figures } from '../../i18n/format';

const SMALLEST_PLAIN = 1e-4;
const LARGEST_PLAIN = 1e6;
const FIGURES = 3;

export function numberText(value: number): string {
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN);
  const text = isPlain ? figures(size) : scientific(Math.log10(size), FIGURES);
  return value < 0 ? `−${text}` : text;
}

/** The same where it stands behind an operator. */
export function factorText(value: number): string {
  return value < 0 ? `(${numberText(value)})` : numberText(value);
}

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** The index of a class at a symbol. */
export function subscript(index: number): string {
  return [...String(index)].map((digit) => SUBSCRIPTS[Number(digit)]).join('');
}
