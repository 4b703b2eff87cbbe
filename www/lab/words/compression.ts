/** How a model was made small, in few words, as the tree and the shelf have it. */

import type { Compression, Config, Per } from '../../engine/generated/types';
import { exact, exactPercent, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { own } from '../../model/own';
import { valueAt } from '../../model/schedule';

/** One way by itself: “pruned to 5 %”, “8 bits”, “three values”. */
export function compressionWords(way: Compression): string {
  if ('prune' in way) {
    const { kept, by } = way.prune;
    const share = exactPercent(valueAt(kept, 1));
    if (typeof by === 'object') return m.made_largest_of({ share, model: modelName(by.magnitude_of) });
    return by === 'random' ? m.made_pruned_random({ share }) : m.made_pruned({ share });
  }
  if ('ternarise' in way) return scaled(m.made_ternary(), way.ternarise.per);
  const { bits, layers = [], per } = way.quantise;
  const each = { layers: layers.map(exact).join(', '), bits: exact(bits) };
  return scaled(layers.length === 0 ? m.made_bits(each) : m.made_bits_by_layer(each), per);
}

/** One scale for a layer is the rule. */
function scaled(way: string, per: Per): string {
  return per === 'channel' ? m.made_by_output({ way }) : way;
}

/** All of a model's; empty for one whose weights are neither cut nor held to anything. */
export function madeWords(config: Config | null, name: string): string {
  const model = own(config?.models, name);
  const init = model?.init;
  const words = (model?.compress ?? []).map(compressionWords);
  if (init && 'derive' in init) {
    const { by, from } = init.derive;
    const of = { model: modelName(from) };
    if (by === 'strongest_units') words.unshift(m.made_narrowed(of));
    else if (typeof by === 'object' && 'copy_layers' in by) words.unshift(m.made_copied_layers(of));
  }
  return list(words);
}
