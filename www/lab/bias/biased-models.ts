/** The models of an experiment that never see some classes. */

import type { Config } from '../../engine/generated/types';
import { transferSetOf } from '../../model/measured-on';
import { own } from '../../model/own';
import { checkpointOf, derivedFrom, digitModels, roleOf } from '../../model/roles';

export interface Biased {
  readonly name: string;
  readonly leftOut: readonly number[];
}

/** Students first: of them the question is asked. What is made of another model has learnt nothing itself. */
export function biasedModels(config: Config | null): readonly Biased[] {
  if (!config) return [];
  const learners = digitModels(config).filter(
    (name) => checkpointOf(config, name) === null && derivedFrom(own(config.models, name)) === null,
  );
  const models = learners
    .map((name) => ({ name, leftOut: transferSetOf(config, name)?.leave_out ?? [] }))
    .filter(({ leftOut }) => leftOut.length > 0);
  const isStudent = ({ name }: Biased): boolean => roleOf(config, name) === 'student';
  return [...models.filter(isStudent), ...models.filter((model) => !isStudent(model))];
}

/** What the paper found, where it left out the same (Hinton, Vinyals, Dean 2015, section 3). */
export type Published = 'threes' | 'sevens_and_eights' | null;

export function published(leftOut: readonly number[]): Published {
  const missing = [...leftOut].sort().join();
  if (missing === '3') return 'threes';
  return missing === '0,1,2,3,4,5,6,9' ? 'sevens_and_eights' : null;
}
