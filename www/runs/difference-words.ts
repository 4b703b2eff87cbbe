/** A difference of two configs in the reader's language: what the field is called, and what stands in it. */

import { exact } from '../i18n/format';
import { m } from '../i18n/messages';
import { choiceName, fieldLabel } from '../model/choices';
import { modelName } from '../model/names';
import { own } from '../model/own';
import { isBranch, type Json } from '../model/paths';
import { choiceOf, type Field, fieldAt, isSchedule } from '../model/schema';
import type { FieldDifference } from './config-difference';
import { cut } from './naming';

/** A table of hundreds of runs asks for the same few fields, each of which is a walk through the schema. */
const FIELDS = new Map<string, Field | undefined>();

function fieldOf(path: string): Field | undefined {
  if (!FIELDS.has(path)) FIELDS.set(path, fieldAt(path));
  return FIELDS.get(path);
}

const OF_MODEL = /^models\.([^.]+)(?:\.(.*))?$/;

/** What a field is called, without the model that it is of. */
function shortLabel(path: string): string {
  const [, model, rest] = OF_MODEL.exec(path) ?? [];
  if (model !== undefined && rest === undefined) return modelName(model);
  const field = fieldOf(path);
  return field ? fieldLabel(field.type, field.name) : path;
}

const OF_SCHEDULE: Readonly<Record<string, (field: { field: string }) => string>> = {
  from: m.runs_field_start,
  to: m.runs_field_end,
  at: m.runs_field_moment,
};

/** What a field is called among others: with its place in a list, and with which number of a schedule it is. */
function ownLabel(path: string): string {
  const places = [...path.matchAll(/\[(\d+)\]/g)].map(([, place]) => Number(place) + 1);
  const label = shortLabel(path);
  const field = places.length === 0 ? label : m.runs_field_place({ field: label, place: places.join('.') });
  const declared = fieldOf(path);
  const part = declared && isSchedule(declared) ? own(OF_SCHEDULE, path.split('.').at(-1)!) : undefined;
  return part?.({ field }) ?? field;
}

/** What a field is called, with the model that it is of. */
export function fieldWords(path: string): string {
  const [, model, rest] = OF_MODEL.exec(path) ?? [];
  if (model === undefined || rest === undefined) return ownLabel(path);
  return m.runs_field_of({ model: modelName(model), field: ownLabel(path) });
}

/** What stands in a field. */
export function valueWords(path: string, value: Json | undefined): string {
  if (value === undefined) return m.runs_unset();
  if (typeof value === 'number') return exact(value);
  if (/^models\.[^.]+$/.test(path)) return m.runs_model_there();
  const field = fieldOf(path);
  const type = field && choiceOf(field);
  if (!type) return cut(typeof value === 'string' ? value : JSON.stringify(value));
  const last = path.slice(path.lastIndexOf('.') + 1);
  // Below a choice stands the variant that was chosen, with its settings.
  if (field.name !== last) return isBranch(value) ? choiceName(type, last) : cut(JSON.stringify(value));
  const settings = isBranch(value) ? Object.values(value)[0] : undefined;
  const more = isBranch(settings) && Object.keys(settings).length > 0 ? ` ${JSON.stringify(settings)}` : '';
  return cut(`${choiceName(type, value)}${more}`);
}

/** A change in a few words, for a run's name. */
export function changeWords({ path, to }: FieldDifference): string {
  const label = shortLabel(path);
  if (to === undefined) return m.runs_change_without({ field: label });
  if (/^models\.[^.]+$/.test(path)) return m.runs_change_with({ field: label });
  return m.runs_change({ field: label, value: valueWords(path, to) });
}
