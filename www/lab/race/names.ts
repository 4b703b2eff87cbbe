/** Models by the name people read: the three usual names in the reader's language, others as they are. */

import { m } from '../../i18n/messages';

export function modelName(name: string): string {
  switch (name) {
    case 'teacher':
      return m.role_teacher();
    case 'student':
      return m.role_student();
    case 'control':
      return m.role_control();
    default:
      return name;
  }
}
