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

test('a soft term in which temperature plays no part has none to show', () => {
  const keys = (soft: Objective['soft']): string[] =>
    curvesOf(taught({ soft }), 'student').map(({ key }) => key);
  expect(keys('kl')).toEqual(['temperature', 'hard', 'soft', 'rate']);
  expect(keys({ jensen_shannon: { beta: 0.5 } })).toEqual(['temperature', 'hard', 'soft', 'rate']);
  for (const soft of ['logit_mse', 'teacher_labels'] as const)
    expect(keys(soft)).toEqual(['hard', 'soft', 'rate']);
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

test('what weights are held to is told with its terms, and the share that falls over training as a curve', () => {
  const compress = [
    { prune: { kept: { linear: { from: 1, to: 0.1 } }, scope: 'global', by: 'magnitude' } },
    { prune: { kept: 0.2, scope: 'global', by: { magnitude_of: 'teacher' } } },
    { quantise: { bits: 4, per: 'tensor' } },
    { ternarise: { per: 'tensor' } },
  ];
  const config = { models: { small: { compress } }, training: { learning_rate: 0.001 } } as unknown as Config;
  expect(factsOf(config, 'small').map(({ term, text }) => [term, text])).toEqual([
    ['pruning', 'Held small by: pruned to 10%'],
    ['lottery-ticket', 'Held small by: largest 20% of teacher'],
    ['quantisation', 'Held small by: 4 bits'],
    ['ternary-weights', 'Held small by: three values'],
  ]);
  const [falling, ...others] = curvesOf(config, 'small');
  expect([falling!.key, falling!.name, falling!.at(0.5).toFixed(2)]).toEqual([
    'kept',
    'Weights kept',
    '0.55',
  ]);
  expect(others.map(({ key }) => key)).toEqual(['rate']);
});
