import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { checkpointOf, mainStudent, netOf, roleOf } from './roles';

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
