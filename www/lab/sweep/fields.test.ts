import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../../engine/generated/types';
import { useLocale } from '../../i18n/locale.svelte';
import { otherFields, parseValues, sweepFields, withField } from './fields';

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
      'transfer_set.unlabelled',
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

describe('otherFields', () => {
  const config = {
    ...{ version: 1, seed: 3, data: { evaluated: 500 } },
    transfer_set: { digits: 100, leave_out: [3], jitter_px: 0 },
    training: { epochs: 2, learning_rate: { linear: { from: 0.01, to: 0 } } },
    models: {
      teacher: { net: { cnn: { dropout: 0.3 } }, init: { pretrained: 'mnist-cnn' } },
      student: {
        net: { mlp: { hidden: [30], dropout: 0.2 } },
        learns_from: [{ model: 'teacher', weight: 1 }],
        objective: { soft_weight: { linear: { from: 0.4, to: 0 } } },
      },
    },
  } as unknown as Config;

  it('has every number but the telling ones: none of a shipped model, of a list of classes, of a schedule’s end', () => {
    expect(otherFields(config).map(({ path }) => path)).toEqual([
      'data.evaluated',
      'transfer_set.jitter_px',
      'models.student.net.mlp.dropout',
      'models.student.learns_from.0.weight',
      'models.student.objective.soft_weight.linear.from',
    ]);
  });

  it('says whose number it is, and proposes what is allowed', () => {
    const [evaluated, shift, dropout] = otherFields(config);
    expect(dropout?.label).toBe('student: Dropout');
    expect(dropout?.proposed).toEqual([0.1, 0.2, 0.4]);
    expect(shift?.proposed).toEqual([0, 1, 2]);
    expect(evaluated?.proposed).toEqual([250, 500, 1000]);
  });

  it('tells them apart in the reader’s language, whatever the recipe', () => {
    vi.stubGlobal('document', { documentElement: {} });
    useLocale('zh');
    const folder = new URL('../../../src/experiment/recipes/', import.meta.url);
    for (const recipe of readdirSync(folder)) {
      const labels = otherFields(
        JSON.parse(readFileSync(new URL(recipe, folder), 'utf8')).config as Config,
      ).map(({ label }) => label);
      expect(new Set(labels).size, recipe).toBe(labels.length);
      for (const label of labels) expect(label, recipe).toMatch(/\p{Script=Han}/u);
    }
    useLocale('en');
  });
});

describe('withField', () => {
  it('puts a value where a field is left out as long as it is 0, and leaves one that stands there', () => {
    const [temperature, ...others] = sweepFields(CONFIG);
    expect(withField(CONFIG, temperature!, [7])).toBe(CONFIG);
    const labels = others.find(({ path }) => path.endsWith('unlabelled'));
    expect(withField(CONFIG, labels!, [0, 0.9])).toMatchObject({
      transfer_set: { digits: 100, unlabelled: 0.9 },
    });
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
