import { expect, test } from 'vitest';
import type { EpochMeasures } from '../../engine/generated/types';
import { curveOf, lowest, settledAxis } from './learning-curves';
import type { ModelSeries } from './series';

const measured = (epoch: number, errors: number, loss: number | null, training?: [number, number]) =>
  ({
    epoch,
    errors,
    evaluated: 1000,
    evaluated_loss: loss,
    ...(training ? { training: { errors: training[0], evaluated: 200, loss: training[1] } } : {}),
  }) as unknown as EpochMeasures;

const seriesOf = (measures: EpochMeasures[]): ModelSeries => ({
  model: 'control',
  role: 'control',
  fixed: false,
  ended: null,
  measures,
});

const overfitted = seriesOf([
  measured(1, 300, 1.2, [50, 1.1]),
  measured(2, 90, 0.3, [10, 0.1]),
  measured(3, 92, 0.35, [0, 0.01]),
  measured(4, 95, 0.5, [0, 0.001]),
]);

test('errors are per cent of the digits they were counted on, losses as they are', () => {
  expect(curveOf(overfitted, 'errors', 'evaluated').map(({ value }) => value)).toEqual([30, 9, 9.2, 9.5]);
  expect(curveOf(overfitted, 'errors', 'training').map(({ value }) => value)).toEqual([25, 5, 0, 0]);
  expect(curveOf(overfitted, 'loss', 'training').at(-1)).toEqual({ epoch: 4, value: 0.001 });
});

test('what was not measured leaves no point', () => {
  const series = seriesOf([measured(1, 10, null), measured(2, 8, 0.2)]);
  expect(curveOf(series, 'loss', 'evaluated')).toEqual([{ epoch: 2, value: 0.2 }]);
  expect(curveOf(series, 'errors', 'training')).toEqual([]);
  expect(lowest([])).toBeNull();
});

test('the lowest point of a loss that rises again is where one would have stopped', () => {
  expect(lowest(curveOf(overfitted, 'loss', 'evaluated'))).toEqual({ epoch: 2, value: 0.3 });
  expect(lowest(curveOf(overfitted, 'errors', 'training'))).toEqual({ epoch: 3, value: 0 });
});

test('the axis fits what the curves came to, not where they began', () => {
  expect(settledAxis([curveOf(overfitted, 'errors', 'evaluated')])).toEqual([0, 20]);
  const short = [30, 25, 20].map((value, i) => ({ epoch: i + 1, value }));
  const long = Array.from({ length: 40 }, (_, i) => ({ epoch: i + 1, value: 10 }));
  expect(settledAxis([short, long])).toEqual([0, 50]);
  expect(settledAxis([short.with(2, { epoch: 3, value: 11 }), long])).toEqual([0, 20]);
  expect(settledAxis([])).toEqual([0, 1]);
});
