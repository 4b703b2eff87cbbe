/** How a model was made small, in few words, as the tree and the shelf have it. */

import type { Compression, Config, Per } from '../../engine/generated/types';
import { exact, exactPercent, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { own } from '../../model/own';
import { netOf } from '../../model/roles';
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

/** What is small within its network. */
function withinWords(config: Config, name: string): string[] {
  const net = netOf(config, name);
  if (net && 'mlp' in net) {
    const rank = net.mlp.rank ?? null;
    return rank === null ? [] : [m.made_thin({ rank: exact(rank) })];
  }
  return net && 'vit' in net && net.vit.shared ? [m.made_shared()] : [];
}

/** All of a model's; empty for one that is small by nothing but its layers. */
export function madeWords(config: Config | null, name: string): string {
  const model = own(config?.models, name);
  if (!config || !model) return '';
  const { init } = model;
  const words = [...withinWords(config, name), ...(model.compress ?? []).map(compressionWords)];
  if (model.replaces) words.push(m.made_replaces({ model: modelName(model.replaces.model) }));
  if (init && 'derive' in init) {
    const { by, from } = init.derive;
    const of = { model: modelName(from) };
    if (by === 'strongest_units') words.unshift(m.made_narrowed(of));
    else if (typeof by === 'object' && 'copy_layers' in by) words.unshift(m.made_copied_layers(of));
  }
  return list(words);
}
