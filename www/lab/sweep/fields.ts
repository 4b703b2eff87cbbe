/** The fields that the page offers to a sweep, and the values it proposes. Any other can be swept by the page's API. */

import type { Config } from '../../engine/generated/types';
import { labelOf } from '../../model/choices';
import { own } from '../../model/own';
import { getAt, type Json } from '../../model/paths';
import { mainStudent, netOf, teachersOf } from '../../model/roles';
import { scheduleField } from '../../model/schedule-field';

export interface SweepField {
  readonly path: string;
  readonly label: string;
  /** What the field holds for a number that is put in. */
  readonly toJson: (value: number) => Json;
  readonly proposed: readonly number[];
}

const plain = (value: number): Json => value;

/** Fields of a config, the most telling first. */
export function sweepFields(config: Config): SweepField[] {
  const root = config as unknown as Json;
  const student = mainStudent(config);
  const fields: Omit<SweepField, 'label'>[] = [];
  if (student !== null && teachersOf(own(config.models, student)).length > 0) {
    const temperature = scheduleField(root, `models.${student}.objective.temperature`).path;
    const hardWeight = scheduleField(root, `models.${student}.objective.hard_weight`).path;
    fields.push(
      { path: temperature, toJson: plain, proposed: [1, 2, 4, 8, 16] },
      { path: hardWeight, toJson: plain, proposed: [0, 0.1, 0.3, 0.6, 1] },
    );
  }
  if (student !== null && 'mlp' in (netOf(config, student) ?? {})) {
    const path = `models.${student}.net.mlp.hidden`;
    // A student that takes another model's network has no widths of its own to set.
    if (getAt(root, path) !== undefined) {
      const toJson = (width: number): Json => [width];
      fields.push({ path, toJson, proposed: [8, 16, 32, 64] });
    }
  }
  const rate = scheduleField(root, 'training.learning_rate').path;
  fields.push(
    { path: 'transfer_set.digits', toJson: plain, proposed: [500, 2000, 8000] },
    { path: 'training.epochs', toJson: plain, proposed: [2, 5, 10] },
    { path: 'training.batch_size', toJson: plain, proposed: [32, 128, 512] },
    { path: rate, toJson: plain, proposed: [0.0003, 0.001, 0.003, 0.01] },
  );
  const there = fields.filter(({ path }) => getAt(root, path) !== undefined);
  return there.map((field) => ({ ...field, label: labelOf(field.path) ?? field.path }));
}

/** Numbers apart by commas or spaces, Chinese commas too, each once; null if there is none, or something else. */
export function parseValues(text: string): number[] | null {
  const words = text.split(/[\s,，、;；]+/).filter((word) => word !== '');
  const values = words.map(Number);
  return values.length > 0 && values.every(Number.isFinite) ? [...new Set(values)] : null;
}
