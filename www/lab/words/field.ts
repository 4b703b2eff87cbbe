/** A field of the config by its label and its path; what is no field, by its path alone. */

import { m } from '../../i18n/messages';
import { labelOf } from '../../model/choices';

export function fieldName(path: string): string {
  if (path === '') return m.problem_whole_text();
  // In a sweep's grid the config is one part among others.
  const label = labelOf(path.replace(/^config\./, ''));
  return label === undefined ? path : m.problem_field({ label, path });
}
