import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SoftTerm } from '../engine/generated/types';
import { combinedTargets } from './combined-targets';
import { kindOf, softLoss } from './soft-terms';
import { CLASSES } from './softening';

interface Case {
  readonly name: string;
  readonly setting: SoftTerm;
  readonly temperature: number;
  readonly student: readonly number[];
  readonly teacher: readonly number[];
  readonly labels: readonly number[];
  readonly result: number;
}

// Worked out in numpy, straight from the papers; the crate's terms are held to the same numbers (`tests/rust/terms.rs`).
const FIXTURE = new URL('../../tests/fixtures/terms.json', import.meta.url);
const CASES = (JSON.parse(readFileSync(FIXTURE, 'utf8')) as { soft: Case[] }).soft;

const rowsOf = ({ student, teacher, labels, setting, temperature }: Case) =>
  labels.map((label, digit) => {
    const [logits, taught] = [student, teacher].map((all) =>
      all.slice(digit * CLASSES, (digit + 1) * CLASSES),
    );
    const teachers = [{ logits: taught!, weight: 1 }];
    return {
      logits: logits!,
      label,
      temperature,
      targets: combinedTargets(teachers, 'mean_of_probabilities', setting, temperature),
    };
  });

describe('the soft terms', () => {
  it('are all in the fixture', () => {
    const kinds = new Set(CASES.map(({ setting }) => kindOf(setting)));
    expect(kinds).toEqual(
      new Set([
        'cross_entropy',
        'kl',
        'logit_mse',
        'decoupled',
        'reverse_kl',
        'jensen_shannon',
        'teacher_labels',
      ]),
    );
  });

  it.each(CASES)('$name is what numpy says', (of) => {
    const values = rowsOf(of).map((row) => softLoss(of.setting, row).value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // Both sides are in f64.
    expect(Math.abs(mean / of.result - 1)).toBeLessThan(1e-12);
  });

  it.each(CASES)('$name has the gradient of finite differences, which adds up to nothing', (of) => {
    const step = 1e-5;
    for (const row of rowsOf(of)) {
      const { gradient } = softLoss(of.setting, row);
      const moved = (at: number, by: number): number => {
        const logits = row.logits.map((logit, i) => (i === at ? logit + by : logit));
        return softLoss(of.setting, { ...row, logits }).value;
      };
      gradient.forEach((slope, i) => {
        // Rounding of terms of the size of 10 over the step, and its square.
        expect(Math.abs(slope - (moved(i, step) - moved(i, -step)) / (2 * step))).toBeLessThan(1e-8);
      });
      // A shift of all logits changes no probability; it does change a distance of logits.
      if (of.setting !== 'logit_mse')
        expect(Math.abs(gradient.reduce((sum, slope) => sum + slope))).toBeLessThan(1e-14);
    }
  });

  it('stay finite where a sure student is wrong', () => {
    const logits = [800, 0, 0, 0, 0, 0, 0, 0, 0, -800];
    const targets = combinedTargets(
      [{ logits: [...logits].reverse(), weight: 1 }],
      'mean_of_probabilities',
      'kl',
      1,
    );
    const terms: SoftTerm[] = [
      'kl',
      'reverse_kl',
      { jensen_shannon: { beta: 0.5 } },
      { decoupled: { target: 1, non_target: 8 } },
    ];
    for (const term of terms) {
      const { value, gradient } = softLoss(term, { logits, targets, label: 9, temperature: 1 });
      expect([value, ...gradient].every(Number.isFinite), kindOf(term)).toBe(true);
    }
  });
});
