import { expect, it } from 'vitest';
import type { Model } from '../../../engine/generated/types';
import { type LossMix, mixAt } from '../../../model/digit-loss';
import { entropy, soften } from '../../../model/softening';
import { batchLoss, imitationWeights, leastSoft, toldOnLayers, toldOnLogits, workedOf } from './figures';

const row = (at: number, large: number): number[] =>
  Array.from({ length: 10 }, (_, i) => (i === at ? large : i / 10));
const SPEC = {
  net: { mlp: { hidden: [] } },
  learns_from: [
    { model: 'a', weight: 1 },
    { model: 'b', weight: 3 },
  ],
  objective: { hard_weight: 0.2, soft: 'cross_entropy', temperature: 2, t_squared: true },
} as unknown as Model;
const MIX: LossMix = mixAt(SPEC, 0);
const ASKED = {
  labels: [3, 5],
  logits: [row(3, 1), row(0, 2)],
  taught: [
    [row(3, 6), row(5, 4)],
    [row(3, 3), row(8, 4)],
  ],
};

it('means over the batch what each digit loses, each with its own teachers’ answers', () => {
  const worked = workedOf(ASKED, SPEC, MIX);
  expect(worked.map(({ asked }) => asked.teachers.map(({ weight }) => weight))).toEqual([
    [1, 3],
    [1, 3],
  ]);
  expect(worked[1]!.asked.teachers[1]!.logits).toEqual(row(8, 4));
  const { hard, soft, total } = batchLoss(worked);
  expect(hard).toBeCloseTo((worked[0]!.loss.hard.value + worked[1]!.loss.hard.value) / 2, 12);
  expect(total).toBeCloseTo(0.2 * hard + 0.8 * 4 * soft!, 12);
  const alone = workedOf(
    { ...ASKED, taught: [] },
    { ...SPEC, learns_from: [] },
    mixAt({ ...SPEC, learns_from: [] }, 0),
  );
  expect(batchLoss(alone).soft).toBeNull();
  expect(batchLoss(alone).total).toBeCloseTo(hard, 12);
});

it('tells terms on logits from terms on layers in what the engine tells', () => {
  const imitating = {
    ...SPEC,
    objective: { ...SPEC.objective, imitates: [{ by: 'hint', weight: { linear: { from: 2, to: 0 } } }] },
  } as unknown as Model;
  expect(imitationWeights(imitating, 0.25)).toEqual([1.5]);
  const told = { hard: 1, soft: 2, total: 9.6, imitated: [2] };
  expect(toldOnLogits(told, MIX)).toBeCloseTo(0.2 * 1 + 0.8 * 4 * 2, 12);
  expect(toldOnLayers(told, [1.5])).toBe(3);
  expect(toldOnLogits({ hard: 1, soft: 2, total: 6.6 }, MIX)).toBe(6.6);
  expect(toldOnLayers({ hard: 1, soft: 2, total: 6.6 }, [])).toBeNull();
  expect(toldOnLogits({ hard: null, soft: null, total: null, imitated: [1] }, MIX)).toBeNull();
});

it('knows what a student that says just what its teacher says would still lose', () => {
  const teacher = row(3, 6);
  const one = { ...SPEC, learns_from: [{ model: 'a', weight: 1 }] } as unknown as Model;
  const asked = { labels: [3], logits: [teacher], taught: [[teacher]] };
  const worked = workedOf(asked, one, MIX);
  expect(leastSoft(worked)).toBeCloseTo(0.8 * 4 * entropy(soften(teacher, 2)), 12);
  expect(leastSoft(worked)).toBeCloseTo(0.8 * 4 * worked[0]!.loss.soft!.value, 12);
  expect(leastSoft(workedOf(asked, one, { ...MIX, soft: 'kl' }))).toBeNull();
});
