import { describe, expect, it } from 'vitest';
import type { Config } from '../../engine/generated/types';
import { parseValues, sweepFields } from './fields';

const CONFIG = {
  transfer_set: { digits: 100 },
  training: { epochs: 2, batch_size: 10, learning_rate: { linear: { from: 0.01, to: 0 } } },
  models: {
    student: {
      net: { mlp: { hidden: [30] } },
      learns_from: [{ model: 'teacher' }],
      objective: { temperature: 4, hard_weight: 0.1 },
    },
  },
} as unknown as Config;

describe('sweepFields', () => {
  it('names fields that the config has, a ramp by where it begins', () => {
    expect(sweepFields(CONFIG).map(({ path }) => path)).toEqual([
      'models.student.objective.temperature',
      'models.student.objective.hard_weight',
      'models.student.net.mlp.hidden',
      'transfer_set.digits',
      'training.epochs',
      'training.batch_size',
      'training.learning_rate.linear.from',
    ]);
  });

  it('leaves out what only a taught student has', () => {
    const alone = { ...CONFIG, models: { student: { net: { cnn: {} } } } } as unknown as Config;
    expect(sweepFields(alone)[0]?.path).toBe('transfer_set.digits');
  });

  it('makes one width a list of hidden layers', () => {
    const width = sweepFields(CONFIG).find(({ path }) => path.endsWith('hidden'));
    expect(width?.toJson(16)).toEqual([16]);
  });
});

describe('parseValues', () => {
  it('takes commas of both languages and spaces, and each value once', () => {
    expect(parseValues('1, 2，4 、8; 2')).toEqual([1, 2, 4, 8]);
    expect(parseValues('0.001 1e-2')).toEqual([0.001, 0.01]);
  });

  it.each(['', ' , ', '1, many', 'Infinity'])('refuses %j', (text) => {
    expect(parseValues(text)).toBeNull();
  });
});
