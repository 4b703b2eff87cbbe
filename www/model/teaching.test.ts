import { expect, test } from 'vitest';
import type { Config } from '../engine/generated/types';
import { obstacleOf } from './teaching';

const config = {
  models: {
    teacher: { net: { cnn: {} }, init: { pretrained: 'teacher' } },
    assistant: { net: { mlp: {} }, learns_from: [{ model: 'teacher' }] },
    student: { net: { same_as: 'assistant' }, learns_from: [{ model: 'assistant' }] },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
    pruned: {
      net: { mlp: {} },
      init: { derive: { from: 'student', by: 'copy' } },
      compress: [{ prune: { kept: 0.5, by: { magnitude_of: 'control' } } }],
    },
    alone: { net: { mlp: {} } },
  },
} as unknown as Config;

const why = (teacher: string, student: string) => obstacleOf(config, teacher, student);

test('a model teaches whom it does not depend on, by whatever reference, through however many', () => {
  expect(why('teacher', 'student')).toBeNull();
  expect(why('alone', 'pruned')).toBeNull();
  expect(why('student', 'student')).toBe('itself');
  expect(why('alone', 'teacher')).toBe('shipped');
  expect(why('student', 'assistant')).toBe('circle');
  expect(why('control', 'student')).toBe('circle');
  expect(why('pruned', 'control')).toBe('circle');
  expect(why('pruned', 'assistant')).toBe('circle');
});

test('a circle that is there already, or a name of nobody, ends the search', () => {
  const odd = {
    models: {
      a: { net: { mlp: {} }, learns_from: [{ model: 'b' }] },
      b: { net: { mlp: {} }, learns_from: [{ model: 'a' }, { model: 'gone' }] },
      c: { net: { mlp: {} } },
    },
  } as unknown as Config;
  expect(obstacleOf(odd, 'a', 'c')).toBeNull();
  expect(obstacleOf(odd, 'c', 'a')).toBeNull();
  expect(obstacleOf(odd, 'a', 'b')).toBe('circle');
});
