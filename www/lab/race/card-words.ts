/** What a shipped model's card says, in words. */

import type { Card, Config } from '../../engine/generated/types';
import { count, exact, exactPercent, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { digitsHere } from '../../model/cards';
import { choiceName, fieldLabel } from '../../model/choices';

/** On what it learnt: how many labels, and what was done to the digits. */
export function learntOn({ config }: Card): string[] {
  const { digits, jitter_px = 0, augment = [], mixup_alpha = 0 } = config.transfer_set;
  const lines = [m.card_labels({ count: count(digits) })];
  if (jitter_px > 0) lines.push(m.card_shifted({ px: exact(jitter_px) }));
  for (const { by, share } of augment)
    lines.push(m.card_changed({ change: choiceName('Change', by), share: exactPercent(share) }));
  if (mixup_alpha > 0)
    lines.push(m.fact_line({ name: fieldLabel('TransferSet', 'mixup_alpha'), value: exact(mixup_alpha) }));
  return lines;
}

/** How long, in what batches, from which seed. */
export function trainedHow({ config: { training, seed } }: Card): string {
  const { epochs, batch_size } = training;
  return m.card_training({ epochs: count(epochs), batch: count(batch_size), seed: String(seed) });
}

/** What the same training does otherwise in a race; null where nothing differs that a config tells. */
export function differsHere(card: Card, config: Config, model: string): string | null {
  const here = digitsHere(card, config, model);
  const differences: string[] = [];
  if (here !== card.config.transfer_set.digits)
    differences.push(m.card_differs_digits({ count: count(here), held: count(config.data.validation) }));
  if (config.seed !== card.config.seed)
    differences.push(m.card_differs_seed({ seed: String(config.seed), usual: String(card.config.seed) }));
  return differences.length > 0 ? m.card_differs({ list: list(differences) }) : null;
}
