import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { checkpointOf, firstWith, mainStudent, netOf, roleIn, roleOf, rolesOf } from './roles';

const config = {
  version: 1,
  models: {
    teacher: { net: { cnn: {} }, init: { pretrained: 'mnist-cnn' } },
    assistant: { net: { mlp: { hidden: [100] } }, learns_from: [{ model: 'teacher' }] },
    student: { net: { same_as: 'control' }, learns_from: [{ model: 'assistant' }] },
    control: { net: { mlp: { hidden: [30] } } },
    circle: { net: { same_as: 'circle' } },
  },
} as unknown as Config;

test('who is taught is a student even if it teaches; who does neither is a control', () => {
  const roles = Object.keys(config.models).map((name) => roleOf(config, name));
  expect(roles).toEqual(['teacher', 'student', 'student', 'control', 'control']);
});

test('the controls change the first model that is taught', () => {
  expect(mainStudent(config)).toBe('assistant');
  expect(checkpointOf(config, 'teacher')).toBe('mnist-cnn');
  expect(checkpointOf(config, 'student')).toBeNull();
});

test('same_as is followed to its end, and a circle ends', () => {
  expect(netOf(config, 'student')).toEqual({ mlp: { hidden: [30] } });
  expect(netOf(config, 'circle')).toBeNull();
});

test('the models that tell digits have their roles; before there are any the usual three stand in', () => {
  const models = { ...config.models, odd: { tasks: [{ task: 'parity' }] } };
  const roles = rolesOf({ ...config, models } as unknown as Config);
  expect(roles.map(({ name }) => name)).toEqual(['teacher', 'assistant', 'student', 'control', 'circle']);
  expect([firstWith('student', roles), roleIn(roles, 'teacher'), roleIn(roles, 'odd')]).toEqual([
    'assistant',
    'teacher',
    'control',
  ]);
  expect(rolesOf(null).map(({ role }) => role)).toEqual(['teacher', 'student', 'control']);
});
