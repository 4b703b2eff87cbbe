import { expect, test } from 'vitest';
import type { EpochMeasures } from '../../engine/generated/types';
import { type ModelSeries, measuresAt } from './series';

const series = (ended: ModelSeries['ended']): ModelSeries => ({
  model: 'student',
  role: 'student',
  fixed: false,
  ended,
  measures: [1, 2].map((epoch) => ({ epoch, errors: 100 / epoch }) as EpochMeasures),
});

test('after its last epoch and after an early stop the last measures stay; a model that stopped has none from there on', () => {
  for (const ended of ['finished', 'early'] as const) {
    expect([1, 2, 3, 40].map((epoch) => measuresAt(series(ended), epoch)?.epoch)).toEqual([1, 2, 2, 2]);
  }
  for (const ended of ['stopped', null] as const) {
    expect([1, 2, 3].map((epoch) => measuresAt(series(ended), epoch)?.epoch)).toEqual([1, 2, undefined]);
  }
});
