/** The terms of a digit's loss as formulas: in symbols, and with the numbers of this digit in them. */

import type { SoftTerm } from '../../engine/generated/types';
import type { Asked, DigitLoss, LossMix } from '../../model/digit-loss';
import { hasTemperature, kindOf, softeningOf, softLoss } from '../../model/soft-terms';
import { firstChoice, soften } from '../../model/softening';
import { factorText, numberText, subscript } from './number-text';

export interface Formula {
  readonly symbols: string;
  readonly numbers: string;
  readonly result: number;
}

/** Everything that a formula takes its numbers from. */
export interface Worked {
  readonly asked: Asked;
  readonly mix: LossMix;
  readonly loss: DigitLoss;
}

/** The largest of a sum's terms that are written out; the rest is one number. */
const WRITTEN = 3;

/** A sum of products, its largest terms written out. */
function sumText(products: readonly (readonly number[])[]): string {
  const productOf = (factors: readonly number[]): number => factors.reduce((all, one) => all * one, 1);
  const sorted = [...products].sort((a, b) => Math.abs(productOf(b)) - Math.abs(productOf(a)));
  const rest = sorted.slice(WRITTEN).reduce((all, factors) => all + productOf(factors), 0);
  const written = sorted.slice(0, WRITTEN).map((factors) => factors.map(factorText).join(' · '));
  return [...written, ...(rest === 0 ? [] : [factorText(rest)])].join(' + ');
}

export function hardFormula({ asked, mix, loss }: Worked): Formula {
  const { logProbabilities } = soften(asked.logits, 1);
  const result = loss.hard.value;
  if (mix.labelSmoothing === 0) {
    const label = subscript(asked.label);
    return {
      symbols: `−ln q${label}`,
      numbers: `−ln ${numberText(Math.exp(logProbabilities[asked.label]!))}`,
      result,
    };
  }
  return {
    symbols: '−Σ yᵢ ln qᵢ',
    numbers: sumText(loss.labels.map((y, i) => [y, -logProbabilities[i]!])),
    result,
  };
}

const SYMBOLS: Readonly<Record<ReturnType<typeof kindOf>, string>> = {
  cross_entropy: '−Σ pᵢ ln qᵢ',
  kl: 'Σ pᵢ ln (pᵢ / qᵢ)',
  reverse_kl: 'Σ qᵢ ln (qᵢ / pᵢ)',
  jensen_shannon: 'β Σ pᵢ ln (pᵢ / mᵢ) + (1 − β) Σ qᵢ ln (qᵢ / mᵢ),  m = β p + (1 − β) q',
  logit_mse: '½ Σ (zᵢ − vᵢ)²',
  teacher_labels: '−ln q',
  decoupled: 'α [p ln (p / q) + P ln (P / Q)] + β Σ p̂ᵢ ln (p̂ᵢ / q̂ᵢ)',
};

/** The soft term without weight or T²; null for a model that nobody teaches. */
export function softFormula(worked: Worked): Formula | null {
  const { mix, loss } = worked;
  if (!loss.targets || !loss.soft) return null;
  const kind = kindOf(mix.soft);
  const first = kind === 'teacher_labels' ? subscript(firstChoice(loss.targets)) : '';
  return {
    symbols: `${SYMBOLS[kind]}${first}`,
    numbers: softNumbers(worked, loss.targets),
    result: loss.soft.value,
  };
}

function softNumbers({ asked, mix }: Worked, p: readonly number[]): string {
  const { soft: term } = mix;
  const { probabilities: q, logProbabilities } = soften(asked.logits, softeningOf(term, mix.temperature));
  const ratio = (i: number): number => Math.log(p[i]!) - logProbabilities[i]!;
  const known = p.map((_, i) => i).filter((i) => p[i]! > 0);
  switch (kindOf(term)) {
    case 'cross_entropy':
      return sumText(p.map((pi, i) => [pi, -logProbabilities[i]!]));
    case 'kl':
      return sumText(known.map((i) => [p[i]!, ratio(i)]));
    case 'reverse_kl':
      return sumText(known.map((i) => [q[i]!, -ratio(i)]));
    case 'logit_mse':
      return `½ (${sumText(p.map((v, i) => [(asked.logits[i]! - v) ** 2]))})`;
    case 'teacher_labels':
      return `−ln ${numberText(q[firstChoice(p)]!)}`;
    default:
      return partsText(term, { ...asked, targets: p, temperature: mix.temperature });
  }
}

/** Terms of two parts: each part's number, by its weight. */
function partsText(term: SoftTerm, row: Parameters<typeof softLoss>[1]): string {
  if (typeof term === 'object' && 'decoupled' in term) {
    const { target = 1, non_target = 8 } = term.decoupled;
    const part = (alpha: number, beta: number): number =>
      softLoss({ decoupled: { target: alpha, non_target: beta } }, row).value;
    return `${numberText(target)} · ${numberText(part(1, 0))} + ${numberText(non_target)} · ${numberText(part(0, 1))}`;
  }
  const beta = typeof term === 'object' && 'jensen_shannon' in term ? (term.jensen_shannon.beta ?? 0.5) : 0.5;
  const { probabilities: q } = soften(row.logits, row.temperature);
  const m = row.targets.map((p, i) => beta * p + (1 - beta) * q[i]!);
  const from = (one: readonly number[]): number =>
    one.reduce((all, p, i) => all + (p > 0 ? p * Math.log(p / m[i]!) : 0), 0);
  return `${numberText(beta)} · ${numberText(from(row.targets))} + ${numberText(1 - beta)} · ${numberText(from(q))}`;
}

/** What the soft term is multiplied by, and what comes of it all. */
export function totalFormula({ mix, loss }: Worked): Formula {
  const { hard, soft } = loss;
  const ofHard = `${numberText(hard.factor)} · ${numberText(hard.value)}`;
  if (!soft) return { symbols: 'hard', numbers: ofHard, result: loss.total };
  const isSquared = mix.tSquared && hasTemperature(mix.soft);
  const factors = [mix.softWeight, ...(isSquared ? [mix.temperature] : [])].map(numberText);
  const ofSoft = `${factors.join(' · ')}${isSquared ? '²' : ''} · ${numberText(soft.value)}`;
  return {
    symbols: isSquared ? 'w · hard + w′ · T² · soft' : 'w · hard + w′ · soft',
    numbers: `${ofHard} + ${ofSoft}`,
    result: loss.total,
  };
}

/** The gradient of the whole in one class's logit. */
export function gradientFormula({ asked, mix, loss }: Worked, at: number): Formula {
  const index = subscript(at);
  const { probabilities } = soften(asked.logits, 1);
  const hard = `${numberText(loss.hard.factor)} · (${numberText(probabilities[at]!)} − ${numberText(loss.labels[at]!)})`;
  const symbols = `∂L/∂z${index} = w (q${index} − y${index})`;
  const result = loss.gradient[at]!;
  if (!loss.soft || !loss.targets) return { symbols, numbers: hard, result };
  const soft = softSlope({ asked, mix, loss }, at);
  return { symbols: `${symbols} + ${soft.symbols}`, numbers: `${hard} + ${soft.numbers}`, result };
}

function softSlope({ asked, mix, loss }: Worked, at: number): { symbols: string; numbers: string } {
  const index = subscript(at);
  const [target, soft] = [loss.targets![at]!, loss.soft!];
  const kind = kindOf(mix.soft);
  const factor = numberText(soft.factor);
  if (kind === 'logit_mse') {
    return {
      symbols: `w′ (z${index} − v${index})`,
      numbers: `${factor} · (${numberText(asked.logits[at]!)} − ${factorText(target)})`,
    };
  }
  const q = soften(asked.logits, softeningOf(mix.soft, mix.temperature)).probabilities[at]!;
  if (kind === 'teacher_labels') {
    const said = firstChoice(loss.targets!) === at ? 1 : 0;
    return { symbols: `w′ (q${index} − ${said})`, numbers: `${factor} · (${numberText(q)} − ${said})` };
  }
  const scale = mix.tSquared ? 'w′ T²' : 'w′';
  if (kind === 'cross_entropy' || kind === 'kl') {
    return {
      symbols: `${scale} (q${index} − p${index}) / T`,
      numbers: `${factor} · (${numberText(q)} − ${numberText(target)}) / ${numberText(mix.temperature)}`,
    };
  }
  return {
    symbols: `${scale} ∂soft/∂z${index}`,
    numbers: `${factor} · ${factorText(soft.factor === 0 ? 0 : soft.gradient[at]! / soft.factor)}`,
  };
}
