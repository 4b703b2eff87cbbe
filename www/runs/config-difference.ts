/** What a run's config changes: field by field, against the recipe that it came from or against another run. */

import type { Config, Recipe } from '../engine/generated/types';
import { difference, getAt, type Json } from '../model/paths';
import type { KeptRun } from './kept-run';

export interface FieldDifference {
  readonly path: string;
  /** Undefined where only the other config has the field. */
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

const asJson = (config: Config): Json => config as unknown as Json;

/** Parts of a config, the more telling the earlier: who learns what from whom, before what it is measured on. */
const TELLING = ['models', 'training', 'transfer_set', 'data', 'seed'];

function rank({ path }: FieldDifference): number {
  const at = TELLING.indexOf(path.split('.')[0] ?? '');
  return at < 0 ? TELLING.length : at;
}

/** What turns one config into another, what tells most first. */
export function configDifference(from: Config, to: Config): FieldDifference[] {
  return difference(asJson(from), asJson(to))
    .map(({ path, value }) => ({ path, from: getAt(asJson(from), path), to: value }))
    .sort((one, other) => rank(one) - rank(other));
}

/** The recipe that a run came from; of one that does not say so, or names none of today's, the one that differs least. */
export function recipeOf(
  { recipe, config }: Pick<KeptRun, 'recipe' | 'config'>,
  recipes: readonly Recipe[],
): Recipe | null {
  const named = recipes.find(({ name }) => name === recipe);
  if (named) return named;
  const distances = recipes.map((one) => configDifference(one.config, config).length);
  return recipes[distances.indexOf(Math.min(...distances))] ?? null;
}
