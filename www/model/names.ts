/** Models by the name people read: the usual names, numbered or not, in the reader's language; others as they are. */

import { m } from '../i18n/messages';

const USUAL: Readonly<Record<string, () => string>> = {
  teacher: m.role_teacher,
  student: m.role_student,
  control: m.role_control,
  assistant: m.name_assistant,
  regularised: m.name_regularised,
  generation: m.name_generation,
  ensemble: m.name_ensemble,
  stopped: m.name_stopped,
};

export function modelName(name: string): string {
  const [, word = '', number] = /^([a-z]+)(?:[-_](\d+))?$/.exec(name) ?? [];
  const usual = Object.hasOwn(USUAL, word) ? USUAL[word] : undefined;
  if (!usual) return name;
  return number === undefined ? usual() : m.name_numbered({ name: usual(), number });
}
