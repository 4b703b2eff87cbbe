/** A teacher of the visitor's own: its network and its weights, as they came. */

import type { Card, Config, Net } from './generated/types';
import type { Lab } from './lab';

export interface OwnTeacher {
  /** What a config's `init: {pretrained: …}` calls it; other weights, another name. */
  readonly name: string;
  readonly net: Net;
  /** A safetensors file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** No figures are known of it: as bad as can be, so that it is nobody's first choice. */
const UNKNOWN_ERRORS = 10_000;

/** Has a lab take it beside the others that it knows. Throws a `Failure` that names the tensor, or the field of its network. */
export function addOwnTeacher(lab: Lab, { name, net, bytes }: OwnTeacher, others: readonly Card[]): Card {
  const config = lab.complete({ version: 1, models: { teacher: { net } } } as unknown as Config);
  const card: Card = {
    name,
    net,
    cost: lab.costs(config).teacher!,
    test_errors: UNKNOWN_ERRORS,
    validation_errors: UNKNOWN_ERRORS,
    test_calibration_error: null,
    validation_calibration_error: null,
    brings_logits: false,
    file_bytes: bytes.length,
    weights_digest: '',
    command: '',
    config,
  };
  const tell = (cards: readonly Card[]): void => lab.tellTeachers(JSON.stringify([...others, ...cards]));
  try {
    tell([card]);
    lab.addTeacher(name, bytes);
    return card;
  } catch (thrown) {
    const weights_digest = digestIn(thrown);
    if (weights_digest === null) {
      tell([]);
      throw thrown;
    }
    // The lab alone knows the digest of weights in its order, and tells it where a card says another.
    const whole = { ...card, weights_digest };
    tell([whole]);
    lab.addTeacher(name, bytes);
    return whole;
  }
}

function digestIn(thrown: unknown): string | null {
  const { fault } = (thrown ?? {}) as { fault?: { code?: string; found?: string } };
  return fault?.code === 'digest' ? (fault.found ?? null) : null;
}
