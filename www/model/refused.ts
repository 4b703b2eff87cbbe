/** Which choices an experiment does not allow at a place, and why. */

import type { Config } from '../engine/generated/types';
import type { Problem } from '../engine/page-failures';
import { kindAt } from './form';
import type { Json } from './paths';
import { withValueAt } from './places';

export interface Choice {
  readonly name: string;
  /** What the config has where it is chosen. */
  readonly value: Json;
}

export interface RefusedChoice<C extends Choice> {
  readonly choice: C;
  readonly problem: Problem;
}

/**
 * What the lab refuses at the place itself. What a choice asks for further on, or has within it still to be chosen, can be
 * mended after it. None where all would be refused: then it is not the choice that is in the way.
 */
export async function refusedChoices<C extends Choice>(
  config: Config,
  path: string,
  choices: readonly C[],
  problemsOf: (config: Config) => Promise<readonly Problem[]>,
): Promise<readonly RefusedChoice<C>[]> {
  const isName = kindAt(path)?.kind === 'name';
  const judged = await Promise.all(
    choices.map(async (choice) => {
      const chosen = withValueAt(config as unknown as Json, path, choice.value) as unknown as Config;
      const isRefusal = ({ path: at, allowed }: Problem) =>
        at === path ||
        // Another name may be chosen within it.
        (at === `${path}.${choice.name}` && !(allowed && 'names' in allowed)) ||
        // Said of the models that would wait for one another, not of the name that has them wait.
        (isName && allowed?.code === 'without_cycle');
      const problem = (await problemsOf(chosen)).find(isRefusal);
      return problem ? [{ choice, problem }] : [];
    }),
  );
  const refused = judged.flat();
  return refused.length < choices.length ? refused : [];
}
