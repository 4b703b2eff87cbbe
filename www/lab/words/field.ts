/** A field of the config by its label, where the page has one, and by its path. */

import { m } from '../../i18n/messages';

/** Labels of fields; a schedule's parts and a list's items have the label of the whole. */
const LABELS: readonly (readonly [RegExp, () => string])[] = [
  [/^seed$/, m.field_seed],
  [/^training\.epochs$/, m.field_epochs],
  [/^training\.batch_size$/, m.field_batch],
  [/^training\.learning_rate(?=$|\.)/, m.field_rate],
  [/^transfer_set\.digits$/, m.field_digits],
  [/^transfer_set\.pictures$/, m.field_pictures],
  [/^models\.[^.]+\.objective\.temperature(?=$|\.)/, m.field_temperature],
  [/^models\.[^.]+\.objective\.hard_weight(?=$|\.)/, m.field_hard_weight],
  [/^models\.student\.net\.mlp\.hidden(?=$|\[)/, m.field_widths],
];

export function fieldName(path: string): string {
  if (path === '') return m.problem_whole_text();
  // In a sweep's grid the config is one part among others.
  const inConfig = path.replace(/^config\./, '');
  const [, label] = LABELS.find(([pattern]) => pattern.test(inConfig)) ?? [];
  return label ? m.problem_field({ label: label(), path }) : path;
}
