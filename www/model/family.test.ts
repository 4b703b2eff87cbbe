import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import * as family from './family';

const objective = { hard_weight: 0.1, soft: 'cross_entropy', temperature: 4, t_squared: true };
const config = {
  version: 1,
  seed: 1,
  models: {
    teacher: {
      net: { cnn: { channels: [12], kernel: 5, hidden: [] } },
      init: { pretrained: 'teacher' },
      objective,
    },
    student: { net: { mlp: { hidden: [16] } }, learns_from: [{ model: 'teacher', weight: 1 }], objective },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' }, objective },
    pruned: {
      net: { same_as: 'student' },
      init: { derive: { from: 'student', by: 'copy' } },
      compress: [{ prune: { kept: 0.5, scope: 'global', by: { magnitude_of: 'student' } } }],
      objective: { ...objective, imitates: [{ by: 'hint', of: 'student', layers: [], weight: 1 }] },
    },
  },
} as unknown as Config;

test('a control has its model, its start and its digits, and no teacher', () => {
  const { config: changed, model } = family.addControl(config, 'student');
  expect(model).toBe('control-2');
  expect(changed.models[model]).toMatchObject({ net: { same_as: 'student' }, init: { same_as: 'student' } });
  expect(changed.models[model]?.learns_from).toBeUndefined();
  expect(config.models).not.toHaveProperty('control-2');
});

test('a student gets the network of the one in front; another teacher is added to those there are', () => {
  const { config: changed, model } = family.addStudent(config, 'control');
  expect(changed.models[model]).toMatchObject({
    net: { mlp: { hidden: [16] } },
    learns_from: [{ model: 'control' }],
  });
  const two = family.addTeacher(config, 'student');
  expect(two.config.models.student?.learns_from?.map((source) => source.model)).toEqual([
    'teacher',
    'teacher-2',
  ]);
});

test('a new name is followed everywhere, a checkpoint of that name stays, and so does the order', () => {
  const changed = family.rename(config, 'student', 'pupil');
  expect(Object.keys(changed.models)).toEqual(['teacher', 'pupil', 'control', 'pruned']);
  expect(JSON.stringify(changed)).not.toContain('"student"');
  const other = family.rename(config, 'teacher', 'old');
  expect(other.models.old?.init).toEqual({ pretrained: 'teacher' });
  expect(other.models.student?.learns_from?.[0]?.model).toBe('old');
});

test('what is left of a family refers to nobody who is gone', () => {
  const changed = family.remove(config, 'student');
  expect(JSON.stringify(changed)).not.toContain('student');
  expect(changed.models.control).toMatchObject({ net: { mlp: { hidden: [16] } } });
  expect(changed.models.control?.init).toBeUndefined();
  expect(changed.models.pruned?.compress).toEqual([
    { prune: { kept: 0.5, scope: 'global', by: 'magnitude' } },
  ]);
});

test('without its last teacher a model learns labels alone', () => {
  const changed = family.remove(config, 'teacher');
  expect(changed.models.student?.learns_from).toBeUndefined();
  expect(family.taught(config, 'student', 'teacher', true)).toBe(config);
  expect(family.taught(config, 'control', 'teacher', true).models.control?.learns_from).toEqual([
    { model: 'teacher', weight: 1 },
  ]);
});

test('a copy and a derived model get names of their own', () => {
  expect(family.copyModel(config, 'pruned').model).toBe('pruned-2');
  const { config: changed, model } = family.addDerived(config, 'student');
  expect(changed.models[model]?.init).toEqual({ derive: { from: 'student', by: 'copy' } });
  expect(family.addModel(config).model).toBe('model');
});
