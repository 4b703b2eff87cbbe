/** A failure as the cause and the one thing to do, in the reader's language. */

import type { EngineFault, Failure as LabFailure, ParseFault } from '../../engine/generated/types';
import type { Failure } from '../../engine/messages';
import type { KnownFailure, PageFailure } from '../../engine/page-failures';
import { count, list, sentences } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { checkpointFaultWords } from './checkpoint-fault';
import { clipped } from './clipped';
import { dataFaultWords } from './data-fault';
import { problemWords } from './problem';
import { dataSubject, NAMED, type Origin, parsedSubject, picturesOf } from './subject';
import { type Words, worded } from './table';
import { stoppedWords } from './warning';

const place = ({ line, column }: { line: number; column: number }) => ({
  line: count(line),
  column: count(column),
});

const PARSE_FAULTS: Words<ParseFault> = {
  not_json: (fault) => m.fault_not_json(place(fault)),
  trailing: (fault) => m.fault_trailing(place(fault)),
  fields: () => m.fault_fields(),
};

const ENGINE_FAULTS: Words<Exclude<EngineFault, { code: 'models_stopped' }>> = {
  left_out: m.fault_left_out,
  no_adapter: () => m.fault_no_adapter(),
  kernel: ({ kernel }) => m.fault_kernel({ kernel: clipped(kernel) }),
  device_lost: () => m.fault_device_lost(),
  differs: () => m.fault_differs(),
};

const DATA: Readonly<Record<Origin, (about: { name: string; fault: string }) => string>> = {
  fetched: m.failure_data_fetched,
  own: m.failure_data_own,
  drawing: m.failure_data_drawing,
};

/** The lab's name for the state that a session goes on from. */
const SNAPSHOT = 'session snapshot';
/** As many known names as a sentence has room for. */
const MOST_NAMES = 20;

const OF_LAB: Words<LabFailure> = {
  config_invalid: () => m.failure_config_invalid(),
  parse_failed({ what, fault: found }) {
    const { name, isSetting } = parsedSubject(what);
    const fault = worded(PARSE_FAULTS, found);
    return isSetting
      ? m.failure_parse_settings({ what: name, fault })
      : m.failure_parse_fetched({ what: name, fault });
  },
  data_corrupt({ name: ofLab, fault }) {
    const { name, origin } = dataSubject(ofLab);
    return DATA[origin]({ name, fault: dataFaultWords(fault) });
  },
  digits_missing({ split, ...counts }) {
    const [needed, loaded] = [count(counts.needed), count(counts.loaded)];
    const pictures = picturesOf(split);
    return pictures === null
      ? m.failure_own_missing({ needed, loaded })
      : m.failure_digits_missing({ needed, loaded, pictures });
  },
  checkpoint_invalid({ name, fault: found }) {
    const fault = checkpointFaultWords(found);
    return name === SNAPSHOT
      ? m.failure_snapshot({ fault })
      : m.failure_checkpoint({ name: clipped(name), fault });
  },
  unknown_name({ kind: of, name: given, known }) {
    const [kind, name] = [NAMED[of](), clipped(given)];
    if (known.length === 0) return m.failure_nothing_known({ kind, name });
    const shown = known.length > MOST_NAMES ? [...known.slice(0, MOST_NAMES), '…'] : known;
    return m.failure_unknown_name({ kind, name, known: list(shown) });
  },
  no_session: m.failure_no_session,
  engine_failed({ engine, fault }) {
    if (fault.code === 'models_stopped') {
      return m.failure_models_stopped({ models: stoppedWords(fault.models) });
    }
    const name = engine === 'webgpu' ? m.engine_webgpu() : engine === 'cpu' ? m.engine_cpu() : engine;
    return m.failure_engine({ engine: name, fault: worded(ENGINE_FAULTS, fault) });
  },
  file_failed: ({ path }) => m.failure_file({ path: clipped(path) }),
};

const OF_PAGE: Words<PageFailure> = {
  fetch_failed: ({ name: file, status }) => {
    const name = clipped(file);
    return status === null ? m.failure_no_answer({ name }) : m.failure_http_status({ name, status });
  },
  manifest_unreadable: m.failure_manifest_unreadable,
  failed_to_load: m.code_failed_to_load,
  no_webassembly: m.code_no_webassembly,
  no_api: m.engine_reason_no_api,
  no_adapter: m.engine_reason_no_adapter,
  missing_feature: ({ feature }) => m.engine_reason_missing_feature({ detail: feature }),
  failed_check: m.engine_reason_failed_check,
  gpu_lost: m.code_gpu_lost,
  worker_died: m.code_worker_died,
  worker_closed: m.failure_worker_closed,
  engine_crashed: m.code_engine_crashed,
  engine_lost: m.code_engine_lost,
  run_stopped: m.code_run_stopped,
  overtaken: m.failure_overtaken,
  model_stopped: ({ models }) => m.failure_models_stopped({ models: stoppedWords(models) }),
  file_gone: m.failure_file_gone,
  argument_invalid: m.failure_argument_invalid,
  unexpected: m.code_unexpected,
};

const FAILURES: Words<KnownFailure> = { ...OF_PAGE, ...OF_LAB };

const isKnown = (failure: Failure): failure is Failure & KnownFailure =>
  Object.hasOwn(FAILURES, failure.code);

/** The cause and the one thing to do; what is wrong with single fields has sentences of its own. */
export function failureWords(failure: Failure): string {
  return isKnown(failure) ? worded<KnownFailure>(FAILURES, failure) : m.code_unexpected();
}

/** More are no help in a line of text. */
const MOST_PROBLEMS = 3;

/** The same where there is one place for all of it: with the first problems. */
export function failureInFull(failure: Failure): string {
  const problems = failure.problems.slice(0, MOST_PROBLEMS).map(problemWords);
  return sentences(failureWords(failure), ...problems);
}
