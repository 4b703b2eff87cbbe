/** Which pictures an experiment is measured on and learns on, by `src/experiment/samples.rs`. */

import type { Config, Data } from '../engine/generated/types';
import type { Split } from '../engine/messages';
import { learntFrom } from '../engine/pictures';
import type { TestSet } from './models';
import { own } from './own';

export interface PicturesOf {
  readonly split: Split;
  readonly indices: readonly number[];
}

/** How many pictures a set has to learn on; the last of them are held out. */
const LEARNT: Readonly<Record<NonNullable<Data['set']>, number>> = {
  mnist: 60_000,
  own: 60_000,
  fashion: 20_000,
};
const VALIDATION = 5_000;
const EVALUATED = 10_000;
const LEARNT_ON = 10_000;

const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** The held-out digits that a race looks at. */
export function validationPictures(data: Data | undefined): PicturesOf {
  const [set, held] = [data?.set ?? 'mnist', data?.validation ?? VALIDATION];
  const count = Math.min(held, data?.evaluated ?? EVALUATED);
  return { split: set === 'fashion' ? 'fashion' : 'train', indices: from(LEARNT[set] - held, count) };
}

/** The test digits that it reports on. */
export function testPictures(data: Data | undefined, { split, count }: TestSet): PicturesOf {
  const there = split === 'own_test' ? count : EVALUATED;
  return { split, indices: from(0, Math.min(there, data?.evaluated ?? EVALUATED)) };
}

/** What a model's transfer set is taken from, classes that are left out among it; null where no model has that name. */
export function learntPictures(config: Config, model: string): PicturesOf | null {
  const set = transferSetOf(config, model);
  if (!set) return null;
  const split = learntFrom(set.pictures, config.data?.set) ?? 'own';
  return { split, indices: from(0, set.digits ?? LEARNT_ON) };
}

/** A model's own transfer set, or the experiment's. */
export function transferSetOf(config: Config, model: string): Config['transfer_set'] {
  return own(config.models, model)?.transfer_set ?? config.transfer_set;
}
