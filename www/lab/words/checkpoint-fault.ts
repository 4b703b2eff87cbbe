/** What is wrong with a checkpoint or a kept session, as half a sentence. */

import type { CheckpointFault } from '../../engine/generated/types';
import { count } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { clipped } from './clipped';
import { shortDigest } from './data-fault';
import { type Words, worded } from './table';

const sizes = ({ found, expected }: { found: number; expected: number }) => ({
  found: count(found),
  expected: count(expected),
});

const FAULTS: Words<CheckpointFault> = {
  weights: (fault) => m.fault_weights(sizes(fault)),
  format: () => m.fault_format(),
  tensor_missing: ({ tensor }) => m.fault_tensor_missing({ tensor: clipped(tensor) }),
  tensor: ({ tensor, found, expected }) =>
    m.fault_tensor({ tensor: clipped(tensor), found: clipped(found), expected: clipped(expected) }),
  tensors: (fault) => m.fault_tensors(sizes(fault)),
  not_finite: ({ index }) => m.fault_not_finite({ number: count(index + 1) }),
  other_network: ({ model, found, expected }) =>
    m.fault_other_network({
      path: `models.${model}.net`,
      found: clipped(found),
      expected: clipped(expected),
    }),
  digest: ({ found, expected }) =>
    m.fault_digest({ found: shortDigest(found), expected: shortDigest(expected) }),
  logits: (fault) => m.fault_logits(sizes(fault)),
  other_logits: ({ sheet }) => m.fault_other_logits({ sheet: clipped(sheet) }),
  no_header: m.fault_no_header,
  other_config: m.fault_other_config,
  model_missing: ({ model }) => m.fault_model_missing({ model: modelName(model) }),
  state: ({ model }) => m.fault_state({ model: modelName(model) }),
};

export function checkpointFaultWords(fault: CheckpointFault): string {
  return worded(FAULTS, fault);
}
