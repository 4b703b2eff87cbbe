/** The shelf's sentences: what a mark says, and the plot as a whole. */

import type { Config, ModelCost } from '../../engine/generated/types';
import { bytes, compact, count, exact, list, measured, sentences } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { fileBytes } from '../../model/costs';
import { modelName } from '../../model/names';
import type { Making, Placed, ShelfModel, SizeMeasure } from '../../model/shelf';
import { madeWords } from '../words/compression';

interface SizeNames {
  /** As a choice. */
  readonly name: () => string;
  readonly axis: () => string;
  /** A value at the axis. */
  readonly format: (value: number) => string;
  /** The same in a sentence. */
  readonly words: (value: number) => string;
}

const multiplyAdds = (value: number): string => m.shelf_multiply_adds({ count: compact(value) });

export const SIZE_NAMES: Readonly<Record<SizeMeasure, SizeNames>> = {
  bytes: { name: m.shelf_size_bytes, axis: m.shelf_axis_bytes, format: bytes, words: bytes },
  multiply_adds: {
    ...{ name: m.shelf_size_multiply_adds, axis: m.shelf_axis_multiply_adds },
    ...{ format: compact, words: multiplyAdds },
  },
  effective: {
    ...{ name: m.shelf_size_effective, axis: m.shelf_axis_effective },
    ...{ format: compact, words: multiplyAdds },
  },
  microseconds: {
    ...{ name: m.shelf_size_microseconds, axis: m.shelf_axis_microseconds, format: exact },
    words: (value) => m.shelf_microseconds({ time: measured(value, 1) }),
  },
};

export const MAKING_NAMES: Readonly<Record<Making, () => string>> = {
  own: m.shelf_making_own,
  pruned: m.shelf_making_pruned,
  quantised: m.shelf_making_quantised,
  ternary: m.shelf_making_ternary,
  narrowed: m.shelf_making_narrowed,
  copied_layers: m.shelf_making_copied_layers,
  thin: m.shelf_making_thin,
  shared: m.shelf_making_shared,
  several: m.shelf_making_several,
};

/** How a model was made, to the last bit where the config says so. */
export function makingWords(config: Config | null, model: ShelfModel): string {
  const made = madeWords(config, model.name);
  return made === '' ? MAKING_NAMES[model.making]() : made;
}

/** All that a model takes, as far as it is known. */
export function sizesWords(cost: ModelCost): string {
  const { stored, multiply_adds, weights, microseconds_a_digit } = cost;
  const parts = [bytes(fileBytes(cost))];
  if (stored && stored.nonzero < weights) parts.push(m.shelf_nonzero({ count: count(stored.nonzero) }));
  const effective = stored?.effective_multiply_adds ?? multiply_adds;
  const all = compact(multiply_adds);
  if (effective === multiply_adds) parts.push(m.shelf_multiply_adds({ count: all }));
  else parts.push(m.shelf_multiply_adds_of({ effective: compact(effective), count: all }));
  if (microseconds_a_digit !== null)
    parts.push(m.shelf_microseconds({ time: measured(microseconds_a_digit, 1) }));
  return list(parts);
}

interface Around {
  readonly marks: readonly Placed[];
  readonly best: readonly Placed[];
  readonly measure: SizeMeasure;
  readonly config: Config | null;
}

/** One mark: its numbers, whether another beats it, and what it is without its teacher. */
export function markSentence(mark: Placed, { marks, best, measure, config }: Around): string {
  const { model, size } = mark;
  const making = makingWords(config, model);
  const [low = 0, high = 0] = model.errors_interval;
  const said = [
    m.shelf_model({
      model: modelName(model.name),
      made: model.isTaught ? m.shelf_made_taught({ making }) : m.shelf_made_untaught({ making }),
      errors: count(model.errors),
      evaluated: count(model.evaluated),
      low: count(low),
      high: count(high),
      sizes: sizesWords(model.cost),
    }),
  ];
  const beats = best.findLast((one) => one.size <= size && one.model.errors <= model.errors);
  if (beats && beats.model !== model) {
    said.push(
      m.shelf_beaten({
        model: modelName(beats.model.name),
        errors: count(beats.model.errors),
        size: SIZE_NAMES[measure].words(beats.size),
      }),
    );
  } else said.push(m.shelf_on_frontier());
  const twin = marks.find((other) => other.model.name === model.twin)?.model;
  if (twin) said.push(m.shelf_with_twin({ model: modelName(twin.name), errors: count(twin.errors) }));
  return sentences(...said);
}

/** More than so many are told by their names alone. */
const MOST_IN_FULL = 4;

/** The plot in a sentence or two. */
export function summarySentence(
  marks: readonly Placed[],
  best: readonly Placed[],
  measure: SizeMeasure,
): string {
  const beaten = marks.length - best.length;
  if (beaten === 0) return m.shelf_summary_all({ count: count(marks.length) });
  const told = best.map(({ model, size }) => {
    if (best.length > MOST_IN_FULL) return modelName(model.name);
    const words = { errors: count(model.errors), size: SIZE_NAMES[measure].words(size) };
    return m.shelf_summary_model({ model: modelName(model.name), ...words });
  });
  return m.shelf_summary({ beaten: count(beaten), count: count(marks.length), models: list(told) });
}
