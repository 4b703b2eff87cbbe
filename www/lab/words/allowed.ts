/** What is allowed where something was refused, as a phrase in the reader's language. */

import type { Kind, Unlabelled } from '../../engine/generated/types';
import type { Allowed } from '../../engine/page-failures';
import { count, exact, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { type Words, worded } from './table';

const KINDS: Readonly<Record<Kind, () => string>> = {
  text: m.allowed_text,
  boolean: m.allowed_boolean,
  number: m.allowed_number,
  list: m.allowed_list,
  object: m.allowed_object,
};

const range = ({ min, max }: { min: number; max: number }) => ({ min: exact(min), max: exact(max) });

/** Names one after another; a model may have no teachers, a network no layers. */
const listed = (names: readonly string[]): string => (names.length === 0 ? m.allowed_none() : list(names));

// A shape is written as in code, with the brackets that layers' shapes have everywhere else.
const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

function entries({ min, max, found: there }: { min: number; max: number | null; found: number }): string {
  const found = count(there);
  if (max === null) return m.allowed_entries_least({ min: count(min), found });
  if (max === min) return m.allowed_entries_exactly({ count: count(max), found });
  return m.allowed_entries_between({ min: count(min), max: count(max), found });
}

type NumberCode =
  | 'range'
  | 'whole'
  | 'range_or_schedule'
  | 'entries'
  | 'above'
  | 'numbers_above'
  | 'numbers'
  | 'not_before'
  | 'divides'
  | 'largest_batch'
  | 'largest_rank'
  | 'most_layers'
  | 'unpacked_bytes'
  | 'cells';

const NUMBERS: Words<Extract<Allowed, { code: NumberCode }>> = {
  range: (allowed) => m.allowed_range(range(allowed)),
  whole: (allowed) => m.allowed_whole(range(allowed)),
  range_or_schedule: (allowed) => m.allowed_range_or_schedule(range(allowed)),
  entries,
  above: ({ min }) => m.allowed_above({ min: exact(min) }),
  numbers_above: ({ min }) => m.allowed_numbers_above({ min: exact(min) }),
  numbers: (allowed) => m.allowed_numbers({ count: count(allowed.count), ...range(allowed) }),
  not_before: ({ at }) => m.allowed_not_before({ at: exact(at) }),
  divides: ({ width }) => m.allowed_divides({ width: count(width) }),
  largest_batch: ({ max }) => m.allowed_largest_batch({ max: count(max) }),
  largest_rank: ({ max }) => m.allowed_largest_rank({ max: count(max) }),
  most_layers: ({ max }) => m.allowed_most_layers({ max: count(max) }),
  unpacked_bytes: ({ max }) => m.allowed_unpacked_bytes({ max: count(max) }),
  cells: ({ max, found }) =>
    found === null
      ? m.allowed_cells_uncounted({ max: count(max) })
      : m.allowed_cells({ max: count(max), found: count(found) }),
};
type FormCode =
  | 'version'
  | 'one_of'
  | 'one_layer_of'
  | 'kind'
  | 'settings'
  | 'name_alone'
  | 'known_field'
  | 'present'
  | 'once'
  | 'readable'
  | 'model_name'
  | 'no_field_below'
  | 'set_apart'
  | 'file_name'
  | 'assignment'
  | 'call_id'
  | 'bytes'
  | 'digest'
  | 'callback'
  | 'packed_whole'
  | 'browser_that_unpacks';

const FORMS: Words<Extract<Allowed, { code: FormCode }>> = {
  version: ({ version }) => m.allowed_version({ version: String(version) }),
  one_of: ({ names }) => m.allowed_one_of({ names: listed(names) }),
  one_layer_of: ({ names, shapes }) =>
    m.allowed_one_of({ names: listed(names.map((name, i) => `${name} ${shapeText(shapes[i] ?? [])}`)) }),
  kind: ({ kind }) => KINDS[kind](),
  settings: ({ name }) => m.allowed_settings({ example: JSON.stringify({ [name]: {} }) }),
  name_alone: ({ name }) => m.allowed_name_alone({ name: JSON.stringify(name) }),
  known_field: ({ names }) =>
    names.length === 0 ? m.allowed_no_fields() : m.allowed_known_field({ names: listed(names) }),
  present: m.allowed_present,
  once: m.allowed_once,
  readable: m.allowed_readable,
  model_name: m.allowed_model_name,
  no_field_below: m.allowed_no_field_below,
  set_apart: m.allowed_set_apart,
  file_name: ({ ending }) => m.allowed_file_name({ ending }),
  assignment: m.allowed_assignment,
  call_id: m.allowed_call_id,
  bytes: m.allowed_bytes,
  digest: ({ digits }) => m.allowed_digest({ digits: count(digits) }),
  callback: m.allowed_callback,
  packed_whole: m.allowed_packed_whole,
  browser_that_unpacks: m.allowed_browser_that_unpacks,
};
const WITHOUT_LABELS: Readonly<Record<Unlabelled, () => string>> = {
  hidden: m.allowed_without_labels_hidden,
  mixed: m.allowed_without_labels_mixed,
  no_digits: m.allowed_without_labels_no_digits,
};

/** What follows from other settings of the same config. */
const SETTINGS: Words<Exclude<Allowed, { code: NumberCode | FormCode }>> = {
  without_cycle: m.allowed_without_cycle,
  held_out: m.allowed_held_out,
  absent_without_held_out: m.allowed_absent_without_held_out,
  empty_without_digit_labels: m.allowed_empty_without_digit_labels,
  zero_without_digit_labels: m.allowed_zero_without_digit_labels,
  zero_in_batches_of_one: m.allowed_zero_in_batches_of_one,
  nine_classes: m.allowed_nine_classes,
  digit_labels: m.allowed_digit_labels,
  trained_for_clothes: m.allowed_trained_for_clothes,
  some_labels: m.allowed_some_labels,
  without_labels: ({ why }) => WITHOUT_LABELS[why](),
  some_weight: m.allowed_some_weight,
  pictures_left: ({ of }) => m.allowed_pictures_left({ of: count(of) }),
  labels_left: ({ of }) => m.allowed_labels_left({ of: count(of) }),
  absent_for_logits: m.allowed_absent_for_logits,
  absent_for_first_choice: m.allowed_absent_for_first_choice,
  mean_of_logits: m.allowed_mean_of_logits,
  absent_for_taught: m.allowed_absent_for_taught,
  empty_for_pretrained: m.allowed_empty_for_pretrained,
  false_for_taught: m.allowed_false_for_taught,
  absent_for_untaught: m.allowed_absent_for_untaught,
  teacher_of_it: ({ names }) => m.allowed_teacher_of_it({ names: listed(names) }),
  same_network: m.allowed_same_network,
  narrower_than: ({ network }) => m.allowed_narrower_than({ network }),
  false_for_network: m.allowed_false_for_network,
  predecessor_of: ({ network }) => m.allowed_predecessor_of({ network }),
  absent_for_untrained: m.allowed_absent_for_untrained,
  absent_for_replacing: m.allowed_absent_for_replacing,
  network_of: ({ network }) => m.allowed_network_of({ network }),
  factorable: ({ network }) => m.allowed_factorable({ network }),
  outputs_of_tasks: ({ outputs }) => m.allowed_outputs_of_tasks({ outputs: count(outputs) }),
  digits_alone: ({ outputs }) => m.allowed_digits_alone({ outputs: count(outputs) }),
  new_task: m.allowed_new_task,
  model_with_task: ({ tasks, models }) =>
    m.allowed_model_with_task({ tasks: listed(tasks), models: listed(models) }),
  taught_task: ({ tasks }) => m.allowed_taught_task({ tasks: listed(tasks) }),
  shown_in_every_step: m.allowed_shown_in_every_step,
  no_layer: ({ likeness }) => m.allowed_no_layer({ likeness }),
  places: ({ places }) => m.allowed_places({ places: count(places) }),
  shape: ({ shape }) => m.allowed_shape({ shape: shapeText(shape) }),
  heads_and_tokens: ({ heads, tokens }) =>
    m.allowed_heads_and_tokens({ heads: count(heads), tokens: count(tokens) }),
  layer_of_shape: ({ shape, layers }) =>
    m.allowed_layer_of_shape({ shape: shapeText(shape), layers: listed(layers.map(String)) }),
  smaller_kernel: m.allowed_smaller_kernel,
};

const ALLOWED: Words<Allowed> = { ...NUMBERS, ...FORMS, ...SETTINGS };

/** What is allowed, as a phrase. */
export function allowedWords(allowed: Allowed): string {
  return worded(ALLOWED, allowed);
}
