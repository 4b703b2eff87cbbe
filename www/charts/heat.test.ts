import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { heat, inkOn } from './heat';

const theme = readFileSync(new URL('../lab/theme.css', import.meta.url), 'utf8');
type Triple = [number, number, number];

function token(name: string, isDark: boolean): Triple {
  const found = new RegExp(`--${name}: light-dark\\(#(\\w{6}), #(\\w{6})\\)`).exec(theme);
  const hex = found![isDark ? 2 : 1]!;
  return [0, 2, 4].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

const times = (matrix: readonly Triple[], v: Triple): Triple =>
  matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * v[at]!, 0)) as Triple;

/** Björn Ottosson's OKLab, and back to linear light. */
const oklab = (linear: Triple): Triple =>
  times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    times(
      [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ],
      linear,
    ).map(Math.cbrt) as Triple,
  );

function luminance([l, a, b]: Triple): number {
  const cone = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((value) => value ** 3) as Triple;
  const linear = times(
    [
      [4.0767416621, -3.3077115913, 0.2309699292],
      [-1.2684380046, 2.6097574011, -0.3413193965],
      [-0.0041960863, -0.7034186147, 1.707614701],
    ],
    cone,
  );
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

it.each(['light', 'dark'] as const)('numbers in cells can be read on every shade: %s', (mode) => {
  const isDark = mode === 'dark';
  const surface = oklab(token('surface', isDark));
  for (const role of ['teacher', 'student', 'control'] as const) {
    const full = oklab(token(role, isDark));
    let before = luminance(surface);
    for (let step = 0; step <= 200; step += 1) {
      const share = step / 200;
      const y = luminance(surface.map((from, at) => from + (full[at]! - from) * share) as Triple);
      const inks = /light-dark\((#\w+), (#\w+)\)/.exec(inkOn(role, share))!;
      const isWhite = inks[isDark ? 2 : 1] === '#fff';
      const contrast = isWhite ? 1.05 / (y + 0.05) : (y + 0.05) / 0.05;
      expect(contrast, `${role} at ${share}`).toBeGreaterThanOrEqual(4.5);
      // Lightness alone tells more from less.
      expect(step === 0 || (isDark ? y > before : y < before)).toBe(true);
      before = y;
    }
  }
});

it('mixes where equal steps look equal', () => {
  expect(heat('student', 0.25)).toBe('color-mix(in oklab, var(--student) 25.0%, var(--surface))');
});
