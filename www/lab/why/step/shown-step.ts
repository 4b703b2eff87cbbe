/** A step as the stages show it: which digit is in focus, and the figures of the whole batch. */

import type { Model } from '../../../engine/generated/types';
import type { ClassName } from '../../../model/class-names';
import type { Role } from '../../../model/roles';
import type { Worked } from '../loss-formulas';
import { type BatchLoss, batchLoss, workedOf } from './figures';
import type { Moment, Stepped } from './stepped-model.svelte';

export const STAGES = ['batch', 'logits', 'targets', 'loss', 'gradient', 'update'] as const;
export type StageId = (typeof STAGES)[number];

export interface ShownStep {
  readonly stepped: Stepped;
  readonly spec: Model;
  readonly role: Role;
  readonly classes: readonly ClassName[];
  /** Place of the digit in focus within the batch. */
  readonly focus: number;
  /** Digit by digit. */
  readonly before: readonly Worked[];
  readonly after: readonly Worked[];
  readonly meanBefore: BatchLoss;
  readonly meanAfter: BatchLoss;
}

export function shownStep(
  stepped: Stepped,
  focus: number,
  { spec, role, classes }: Pick<ShownStep, 'spec' | 'role' | 'classes'>,
): ShownStep {
  const labels = stepped.digits.map(({ label }) => label);
  const at = ({ logits }: Moment): Worked[] =>
    workedOf({ labels, logits, taught: stepped.taught }, spec, stepped.mix);
  const [before, after] = [at(stepped.before), at(stepped.after)];
  return {
    stepped,
    spec,
    role,
    classes,
    focus: Math.min(focus, labels.length - 1),
    before,
    after,
    meanBefore: batchLoss(before),
    meanAfter: batchLoss(after),
  };
}
