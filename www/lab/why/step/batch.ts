/** The digits of the shown batch: of a transfer set those that lie one behind the other from a place on. */

import type { Digit, Split } from '../../../engine/messages';
import type { Models } from '../../../model/models';

export interface BatchDigit extends Digit {
  /** Its number in the set that it comes from. */
  readonly index: number;
}

export interface BatchPlace {
  readonly split: Split;
  /** The first that is looked at, and how many there are. */
  readonly from: number;
  readonly count: number;
  readonly leftOut: readonly number[];
}

export const BATCH = 8;

/** Up to `BATCH` digits of classes that are not left out; behind the last of the set come the first ones. Rejects with a `Failure`. */
export async function batchAt(
  models: Pick<Models, 'digits'>,
  { split, from, count, leftOut }: BatchPlace,
): Promise<BatchDigit[]> {
  const found: BatchDigit[] = [];
  for (let looked = 0; looked < count && found.length < BATCH; looked += BATCH) {
    const asked = Math.min(BATCH, count - looked);
    const indices = Array.from({ length: asked }, (_, i) => (from + looked + i) % count);
    const digits = await models.digits(split, indices);
    digits.forEach((digit, i) => {
      if (!leftOut.includes(digit.label)) found.push({ ...digit, index: indices[i]! });
    });
  }
  return found.slice(0, BATCH);
}
