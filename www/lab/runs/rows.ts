/** The rows of the table of runs: which are found, in what order, and how each differs from what it is compared with. */

import type { Recipe } from '../../engine/generated/types';
import { configDifference, type FieldDifference, recipeOf } from '../../runs/config-difference';
import { fieldWords, valueWords } from '../../runs/difference-words';
import type { KeptRun } from '../../runs/kept-run';
import { isFound } from '../../runs/search';

export interface Row {
  readonly run: KeptRun;
  /** Title of the recipe, or name of the run, that its config is compared with; null where there is none. */
  readonly base: string | null;
  readonly differences: readonly FieldDifference[];
}

/** Rows of all runs, pinned ones first. `baseline`: the run that all are compared with; null for each with its recipe. */
export function rowsOf(
  runs: readonly KeptRun[],
  recipes: readonly Recipe[],
  baseline: KeptRun | null,
  title: (recipe: Recipe) => string,
): Row[] {
  const rows = runs.map((run): Row => {
    if (baseline) {
      return { run, base: baseline.name, differences: configDifference(baseline.config, run.config) };
    }
    const recipe = recipeOf(run, recipes);
    const differences = recipe ? configDifference(recipe.config, run.config) : [];
    return { run, base: recipe && title(recipe), differences };
  });
  return [...rows.filter(({ run }) => run.isPinned), ...rows.filter(({ run }) => !run.isPinned)];
}

/** Those in which every word of the search stands: in name, note, engine, what it differs from, and in what. */
export function foundRows(rows: readonly Row[], query: string): Row[] {
  if (query.trim() === '') return [...rows];
  return rows.filter(({ run, base, differences }) => {
    const { name, note, recipe, environment } = run;
    const changes = differences.map(({ path, to }) => `${path} ${fieldWords(path)} ${valueWords(path, to)}`);
    const about = [environment.engine, environment.adapter, environment.target];
    return isFound(query, [name, note, recipe ?? '', base ?? '', ...about, ...changes]);
  });
}
