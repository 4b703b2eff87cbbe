/** Codes and subjects of failures as sentences in the reader's language. */

import { m } from '../../i18n/messages';
import type { Subject } from '../../state/notices.svelte';

/** What failed and what that means for the run. */
export function sentenceAbout(subject: Subject): string {
  switch (subject) {
    case 'load':
      return m.about_load();
    case 'digits':
      return m.about_digits();
    case 'engine':
      return m.about_engine();
    case 'run':
      return m.about_run();
    case 'page':
      return m.about_page();
  }
}

const BY_CODE: Readonly<Record<string, () => string>> = {
  fetch_failed: m.code_fetch_failed,
  data_corrupt: m.code_data_corrupt,
  digits_missing: m.code_digits_missing,
  checkpoint_invalid: m.code_checkpoint_invalid,
  config_invalid: m.code_config_invalid,
  parse_failed: m.code_parse_failed,
  engine_failed: m.code_engine_failed,
  engine_crashed: m.code_engine_crashed,
  engine_lost: m.code_engine_lost,
  worker_died: m.code_worker_died,
  gpu_lost: m.code_gpu_lost,
  run_stopped: m.code_run_stopped,
  no_webassembly: m.code_no_webassembly,
  failed_to_load: m.code_failed_to_load,
};

/** The cause and the one thing to do. */
export function sentenceOfCode(code: string): string {
  return (Object.hasOwn(BY_CODE, code) ? BY_CODE[code]! : m.code_unexpected)();
}
