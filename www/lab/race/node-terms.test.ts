import { expect, test } from 'vitest';
import type { Config, Objective } from '../../engine/generated/types';
import { variantsOf, variantValue } from '../../model/schema';
import { curvesOf, factsOf, softName } from './node-terms';

const objective = (parts: Partial<Objective>): Objective =>
  ({ soft: 'cross_entropy', temperature: 4, hard_weight: 0.1, ...parts }) as Objective;

const taught = (parts: Partial<Objective>, of: Partial<Config> = {}): Config =>
  ({
    models: { student: { learns_from: [{ model: 'teacher' }], objective: objective(parts) } },
    training: { learning_rate: 0.001, layer_decay: 0.5 },
    ...of,
  }) as unknown as Config;

test('every soft term of the schema has a name of its own', () => {
  const terms = variantsOf('SoftTerm').map(variantValue) as Objective['soft'][];
  const names = terms.map((soft) => softName(objective({ soft })));
  expect(new Set(names).size).toBe(terms.length);
  expect(names[0]).toBe('soft targets, cross-entropy');
  expect(softName(undefined)).toBe(names[0]);
});

test('a soft term that compares logits has no temperature to show', () => {
  const keys = (soft: Objective['soft']): string[] =>
    curvesOf(taught({ soft }), 'student').map(({ key }) => key);
  expect(keys('kl')).toEqual(['temperature', 'hard', 'soft', 'rate']);
  expect(keys('logit_mse')).toEqual(['hard', 'soft', 'rate']);
});

test('what is special about a training is told with the labels of its fields and the names of its choices', () => {
  const transfer_set = {
    unlabelled: 0.2,
    label_noise: 0.3,
    mixup_alpha: 0.4,
    augment: [
      { by: 'crop', share: 1 },
      { by: 'noise', share: 0.5 },
    ],
  };
  const config = taught({ ablation: 'confidence_only' }, { transfer_set } as unknown as Pick<
    Config,
    'transfer_set'
  >);
  expect(factsOf(config, 'student').map(({ text }) => text)).toEqual([
    "Ablation: only the teacher's confidence kept",
    'Digits without a label: 20%',
    'Wrong labels: 30%',
    'Augmentation: only a window left, noise in place of the digit',
    'Mixup, α: 0.4',
    'Learning rate decay per layer: 0.5',
  ]);
});
