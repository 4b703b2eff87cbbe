/** Curves that tell over-fitting: errors and losses on digits that a model learns on beside those on digits it does not. */

import { termAxis } from '../../charts/axes';
import type { EpochMeasures } from '../../engine/generated/types';
import type { ModelSeries } from './series';

/** What a curve shows. */
export type Quantity = 'errors' | 'loss';
/** The digits that it shows it of: those measured for the verdict, or those learned on. */
export type MeasuredOn = 'evaluated' | 'training';

export interface CurvePoint {
  readonly epoch: number;
  readonly value: number;
}

/** Errors in per cent or mean cross-entropy in nats; null where it was not measured. */
function measuredValue(measures: EpochMeasures, quantity: Quantity, on: MeasuredOn): number | null {
  const { training } = measures;
  if (on === 'training' && !training) return null;
  const { errors, evaluated } = on === 'training' && training ? training : measures;
  const loss = on === 'training' && training ? training.loss : measures.evaluated_loss;
  const value = quantity === 'errors' ? (100 * errors) / evaluated : loss;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A model's curve, epoch by epoch. */
export function curveOf({ measures }: ModelSeries, quantity: Quantity, on: MeasuredOn): CurvePoint[] {
  return measures.flatMap((one) => {
    const value = measuredValue(one, quantity, on);
    return value === null ? [] : [{ epoch: one.epoch, value }];
  });
}

/** The lowest point of a curve, the first of equals; null for an empty one. */
export function lowest(curve: readonly CurvePoint[]): CurvePoint | null {
  return curve.reduce<CurvePoint | null>(
    (best, point) => (best === null || point.value < best.value ? point : best),
    null,
  );
}

/**
 * An axis from 0 to where the curves have come in the second half of what is drawn, half as much above: the first epochs,
 * which are many times as bad, leave it at the top. Of a curve that ended before, its last point counts.
 */
export function settledAxis(curves: readonly (readonly CurvePoint[])[]): [number, number] {
  const last = Math.max(0, ...curves.map((curve) => curve.at(-1)?.epoch ?? 0));
  const late = curves.flatMap((curve) =>
    curve.filter((point) => point.epoch >= last / 2 || point === curve.at(-1)),
  );
  return termAxis(late.map(({ value }) => 1.5 * value));
}
