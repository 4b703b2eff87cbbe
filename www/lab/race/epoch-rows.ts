/** A run's curves as flat rows, one object a model and epoch, beside its record: what a notebook reads in one line. */

import type { Record as RunRecord } from '../../engine/generated/types';
import { own } from '../../model/own';

type Row = Readonly<Record<string, string | number | null>>;

/** `pandas.DataFrame(json.load(file)["epochs"])` is a table. */
export function notebookJson(record: RunRecord): string {
  return `${JSON.stringify({ record, config: record.config, epochs: epochRows(record) }, null, 2)}\n`;
}

export function epochRows(record: RunRecord): Row[] {
  return Object.entries(record.models).flatMap(([model, { epochs }]) =>
    epochs.map(({ errors_interval, loss, training, other_tasks = [], ...measures }) => ({
      model,
      ...measures,
      errors_low: errors_interval[0],
      errors_high: errors_interval[1],
      ...prefixed('loss', { hard: null, soft: null, total: null, ...withoutLists(loss) }),
      ...Object.fromEntries((loss?.imitated ?? []).map((value, i) => [`loss_imitated_${i}`, value])),
      ...prefixed('training', withoutLists(training)),
      ...Object.fromEntries(other_tasks.map(({ task, errors }) => [`errors_${task}`, errors])),
      ...prefixed('test', testOf(record, model, measures.epoch === epochs.at(-1)?.epoch)),
    })),
  );
}

/** The test digits are opened once, after the last epoch. */
function testOf(record: RunRecord, model: string, isLast: boolean): Row {
  const found = isLast ? own(record.test?.models, model) : undefined;
  return { errors: found?.errors ?? null, evaluated: found?.evaluated ?? null };
}

function withoutLists(values: object | null | undefined): Row {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => !Array.isArray(value)));
}

const prefixed = (prefix: string, values: Row): Row =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]));
