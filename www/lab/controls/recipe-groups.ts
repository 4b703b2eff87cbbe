/** Recipes in groups, by what their configs do: a list of twenty is found through by question, not by name. */

import type { Config, Model, Recipe } from '../../engine/generated/types';
import { teachersOf, teaches } from '../../model/roles';
import { isConstant } from '../../model/schedule';
import { variantName } from '../../model/schema';

export const GROUPS = ['plain', 'time', 'loss', 'inside', 'chain', 'teachers', 'digits', 'small'] as const;
export type Group = (typeof GROUPS)[number];

/** Transforms that make a model smaller than its source. */
const SHRINKING = ['strongest_units', 'factorise'];

/** Whether a model is small by other means than having fewer units. */
function isHeldSmall({ compress, init, net, replaces }: Model): boolean {
  const by = init && 'derive' in init ? variantName(init.derive.by) : null;
  const spec = Object.values(net)[0] as { shared?: boolean; rank?: number | null; layer_drop?: number };
  const isWithin = spec.shared === true || (spec.rank ?? null) !== null || (spec.layer_drop ?? 0) > 0;
  const isHeld = (compress ?? []).length > 0 || (replaces ?? null) !== null;
  return isHeld || SHRINKING.includes(by ?? '') || isWithin;
}

/** The group of a config; where several fit, the one that changes the tree or the loss most. */
export function groupOf(config: Config): Group {
  const models = Object.values(config.models);
  const taught = Object.entries(config.models).filter(([, model]) => teachersOf(model).length > 0);
  const objectives = taught.map(([, model]) => model.objective);
  if (models.some(isHeldSmall)) return 'small';
  if (models.some((model) => teachersOf(model).length > 1)) return 'teachers';
  if (taught.some(([name]) => teaches(config, name))) return 'chain';
  const derives = models.some(({ init }) => init && 'derive' in init);
  if (derives || objectives.some((objective) => (objective?.imitates ?? []).length > 0)) return 'inside';
  const sets = [config.transfer_set, ...models.map((model) => model.transfer_set)];
  const changed = sets.some(
    (set) =>
      set &&
      ((set.augment ?? []).length > 0 ||
        (set.leave_out ?? []).length > 0 ||
        (set.unlabelled ?? 0) > 0 ||
        (set.label_noise ?? 0) > 0 ||
        (set.mixup_alpha ?? 0) > 0 ||
        !['of_set', 'mnist'].includes(set.pictures ?? 'of_set') ||
        (set.jitter_px ?? 0) > 0),
  );
  if (changed) return 'digits';
  const loses = models.some(
    ({ objective }) =>
      objective?.ablation || (objective?.label_smoothing ?? 0) > 0 || objective?.t_squared === false,
  );
  if (loses || objectives.some((objective) => (objective?.soft ?? 'cross_entropy') !== 'cross_entropy'))
    return 'loss';
  const ramps = objectives.some((objective) =>
    [objective?.temperature ?? 1, objective?.hard_weight ?? 1, objective?.soft_weight ?? 1].some(
      (schedule) => !isConstant(schedule),
    ),
  );
  return ramps ? 'time' : 'plain';
}

/** Groups that have recipes, each with them in the lab's order. */
export function grouped(recipes: readonly Recipe[]): { group: Group; recipes: Recipe[] }[] {
  return GROUPS.map((group) => ({
    group,
    recipes: recipes.filter(({ config }) => groupOf(config) === group),
  })).filter(({ recipes: found }) => found.length > 0);
}
