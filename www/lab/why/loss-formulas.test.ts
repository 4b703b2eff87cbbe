import { describe, expect, it } from 'vitest';
import type { SoftTerm } from '../../engine/generated/types';
import { type Asked, digitLoss, type LossMix } from '../../model/digit-loss';
import { gradientFormula, hardFormula, softFormula, totalFormula, type Worked } from './loss-formulas';

const ASKED: Asked = {
  logits: [1.2, -0.4, 3.1, 0.3, -2.2, 0.8, -1.1, 2.7, 0.1, -0.6],
  label: 2,
  teachers: [{ logits: [-3.1, -1.4, 9.2, 2.3, -4.2, -0.8, -5.1, 4.7, 1.1, -2.6], weight: 1 }],
  combine: 'mean_of_probabilities',
};
const MIX: LossMix = {
  hardWeight: 0.3,
  labelSmoothing: 0,
  softWeight: 0.7,
  soft: 'cross_entropy',
  temperature: 3,
  tSquared: true,
};
const TERMS: readonly SoftTerm[] = [
  ...(['cross_entropy', 'kl', 'logit_mse', 'reverse_kl', 'teacher_labels'] as const),
  { jensen_shannon: { beta: 0.3 } },
  { decoupled: { target: 1, non_target: 8 } },
];

const worked = (mix: Partial<LossMix> = {}, asked: Asked = ASKED): Worked => {
  const all = { ...MIX, ...mix };
  return { asked, mix: all, loss: digitLoss(asked, all) };
};

/** What a line of numbers comes to, by JavaScript. */
function worthOf(numbers: string): number {
  const code = numbers
    .replaceAll('\u00a0', '')
    .replaceAll('×', '*')
    .replace(/10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, power: string) => {
      const digits = [...power].map((one) => (one === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(one))).join('');
      return `1e${digits}`;
    })
    .replaceAll('½', '0.5 ·')
    .replaceAll('·', '*')
    .replaceAll('²', '**2')
    .replaceAll('−', '-')
    .replace(/ln ([\d.e*-]+)/g, 'Math.log($1)');
  return new Function(`return ${code}`)() as number;
}

describe('formulas with numbers', () => {
  it.each(TERMS)('of %j come to what they say', (soft) => {
    const of = worked({ soft });
    const lines = [hardFormula(of), softFormula(of)!, totalFormula(of)];
    // The numbers have three figures, so that a sum of four has an error of some thousandths.
    for (const { numbers, result } of lines)
      expect(Math.abs(worthOf(numbers) / result - 1), numbers).toBeLessThan(0.02);
    for (const at of [0, 2, 7]) {
      const { numbers, result, symbols } = gradientFormula(of, at);
      expect(Math.abs(worthOf(numbers) - result), numbers).toBeLessThan(0.02 * (1 + Math.abs(result)));
      expect(symbols).toContain('₀₁₂₃₄₅₆₇₈₉'[at]);
    }
  });

  it('say T² only where it counts', () => {
    expect(totalFormula(worked()).numbers).toContain('²');
    expect(totalFormula(worked({ tSquared: false })).numbers).not.toContain('²');
    expect(totalFormula(worked({ soft: 'logit_mse' })).numbers).not.toContain('²');
  });

  it('are those of labels alone for a model that nobody teaches', () => {
    const alone = worked({}, { ...ASKED, teachers: [] });
    expect(softFormula(alone)).toBeNull();
    expect(gradientFormula(alone, 3).numbers).not.toContain('+');
  });

  it('with smoothed labels have all of them', () => {
    const { numbers, result } = hardFormula(worked({ labelSmoothing: 0.1 }));
    expect(Math.abs(worthOf(numbers) / result - 1)).toBeLessThan(0.02);
  });
});
