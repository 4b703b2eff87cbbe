/** The loss terms of one model as lines: labels, soft targets, each imitated layer, and what is minimised in all. */

import { thinned } from '../../charts/axes';
import { ROLE_MARKS, type RoleMark, SOFT_TERM_DASH } from '../../charts/role-marks';
import type { Model } from '../../engine/generated/types';
import { m } from '../../i18n/messages';
import type { Role } from '../../model/roles';
import type { LossPoint } from '../../state/run.svelte';
import { imitatedName, softName } from './node-terms';

export interface TermLine {
  readonly key: string;
  readonly label: string;
  readonly mark: RoleMark;
  /** Where the term was not worked out there is no number: the line has a gap. */
  readonly points: readonly { epoch: number; value: number }[];
  /** Null: it is not worked out now. */
  readonly latest: number | null;
}

export interface TermLines {
  /** In nats, but for soft terms that compare logits. */
  readonly outputs: readonly TermLine[];
  readonly imitated: readonly TermLine[];
  readonly total: readonly TermLine[];
}

const MOST_POINTS = 240;
const IMITATED_DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 4', '1 5'];

export function termLines(points: readonly LossPoint[], model: Model | undefined, role: Role): TermLines {
  const mark = (dash: string): RoleMark => ({ ...ROLE_MARKS[role], strokeWidth: 2, dash });
  const line = (
    key: string,
    label: string,
    dash: string,
    pick: (point: LossPoint) => number | null | undefined,
  ): TermLine[] => {
    const value = (point: LossPoint): number => pick(point) ?? Number.NaN;
    if (!points.some((point) => Number.isFinite(value(point)))) return [];
    const latest = value(points.at(-1)!);
    return [
      {
        key,
        label,
        mark: mark(dash),
        points: thinned(points, MOST_POINTS, value),
        latest: Number.isFinite(latest) ? latest : null,
      },
    ];
  };
  const imitates = model?.objective?.imitates ?? [];
  const imitated = imitates.flatMap((imitation, i) =>
    line(
      `imitated ${i}`,
      imitatedName(imitation),
      IMITATED_DASHES[i % IMITATED_DASHES.length]!,
      (point) => point.imitated?.[i],
    ),
  );
  const outputs = [
    ...line('hard', m.loss_labels(), '', ({ hard }) => hard),
    ...line('soft', softName(model?.objective), SOFT_TERM_DASH, ({ soft }) => soft),
  ];
  // With labels alone the total is that one term once more.
  const isSum = outputs.length + imitated.length > 1;
  return { outputs, imitated, total: isSum ? line('total', m.loss_total(), '', ({ total }) => total) : [] };
}
