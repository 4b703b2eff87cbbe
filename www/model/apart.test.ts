import { expect, it } from 'vitest';
import { agreementOf, meanDivergence } from './apart';
import { NO_CHOICE } from './first-choices';
import { CLASSES, klDivergence, soften } from './softening';

it('models agree where their first choices are the same, and are choices', () => {
  expect(agreementOf(Uint8Array.of(1, 2, NO_CHOICE, 4), Uint8Array.of(1, 3, NO_CHOICE, 4))).toBe(2);
});

it('the mean divergence is that of the digits one by one', () => {
  const rows = (seed: number): Float32Array =>
    Float32Array.from({ length: 3 * CLASSES }, (_, i) => Math.sin(seed * (i + 1)) * 8);
  const [p, q] = [rows(1.7), rows(0.9)];
  for (const temperature of [0.5, 1, 4, 20]) {
    const each = [0, 1, 2].map((digit) => {
      const [a, b] = [p, q].map((all) =>
        soften(all.slice(digit * CLASSES, (digit + 1) * CLASSES), temperature),
      );
      return klDivergence(a!, b!);
    });
    const mean = each.reduce((sum, one) => sum + one, 0) / each.length;
    expect(meanDivergence(p, q, temperature)!).toBeCloseTo(mean, 12);
  }
  expect(meanDivergence(p, p, 3)).toBe(0);
  expect(meanDivergence(new Float32Array(), new Float32Array(), 1)).toBeNull();
});

it('stays finite where a sure model is contradicted', () => {
  const [p, q] = [
    Float32Array.of(900, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    Float32Array.of(0, 900, 0, 0, 0, 0, 0, 0, 0, 0),
  ];
  expect(meanDivergence(p, q, 1)).toBeCloseTo(900, 6);
});
