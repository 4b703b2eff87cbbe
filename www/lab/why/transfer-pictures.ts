/** Where the pictures lie that a model learns on. */

import type { Config, TransferSet } from '../../engine/generated/types';
import type { Split } from '../../engine/messages';
import { learntFrom } from '../../engine/pictures';
import { own } from '../../model/own';

export interface TransferPictures {
  readonly split: Split;
  readonly count: number;
  readonly set: TransferSet;
  /** Whether labels say of which class a picture is: those of clothes among digits do not. */
  readonly hasClasses: boolean;
}

/** `ownCount`: how many pictures the visitor gave to learn on. */
export function transferPictures(config: Config, model: string, ownCount: number): TransferPictures {
  const set = own(config.models, model)?.transfer_set ?? config.transfer_set ?? {};
  const data = config.data?.set ?? 'mnist';
  const split = learntFrom(set.pictures, data) ?? 'own';
  const digits = set.digits ?? 0;
  return {
    split,
    count: split === 'own' ? Math.min(digits, ownCount) : digits,
    set,
    hasClasses: split !== 'fashion' || data === 'fashion',
  };
}
