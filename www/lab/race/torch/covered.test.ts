import { expect, test } from 'vitest';
import type { Config } from '../../../engine/generated/types';
import { uncovered } from './covered';

const config = (more: object = {}, student: object = {}): Config =>
  ({
    version: 1,
    ...more,
    models: {
      teacher: { net: { cnn: { channels: [4], dropout: 0.3 } }, init: { pretrained: 'mnist-cnn' } },
      student: { net: { mlp: { hidden: [10] } }, learns_from: [{ model: 'teacher' }], ...student },
      control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
    },
  }) as unknown as Config;
const paths = (of: Config): string[] => uncovered(of).map(({ path }) => path);

test('perceptrons and CNNs of soft targets of a ready teacher are covered, its dropout with it', () => {
  expect(paths(config())).toEqual([]);
  const objective = { soft: 'logit_mse', hard_weight: { linear: { from: 0, to: 1 } }, label_smoothing: 0.1 };
  expect(paths(config({}, { objective }))).toEqual([]);
});

test('what the script does not have is told by its place and value', () => {
  expect(uncovered(config({ transfer_set: { digits: 100, jitter_px: 2 } }))).toEqual([
    { path: 'transfer_set.jitter_px', value: 2 },
  ]);
  expect(paths(config({ training: { optimiser: { sgd: {} }, max_norm: 3, early_stop: 2 } }))).toEqual([
    'training.max_norm',
    'training.early_stop',
    'training.optimiser',
  ]);
  expect(paths(config({ data: { set: 'fashion' } }))).toEqual(['data.set']);
});

test('so is what a model has of its own', () => {
  expect(paths(config({}, { net: { mlp: { hidden: [10], dropout: 0.5 } } }))).toEqual([
    'models.student.net.mlp.dropout',
    'models.control.net.mlp.dropout',
  ]);
  expect(paths(config({}, { net: { vit: {} } }))).toEqual(['models.student.net', 'models.control.net']);
  expect(paths(config({}, { learns_from: [{ model: 'control' }] }))).toEqual([
    'models.student.learns_from[0]',
  ]);
  expect(
    paths(config({}, { objective: { soft: { decoupled: {} }, imitates: [{}] }, compress: [{}] })),
  ).toEqual([
    'models.student.compress',
    'models.student.objective.imitates',
    'models.student.objective.soft',
  ]);
});
