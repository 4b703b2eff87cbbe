/** A race as it is kept: the engine's record of it, or, where it was broken off, what the page has heard so far. */

import type {
  Config,
  Environment,
  ModelRecord,
  Recipe,
  Record as RunRecord,
  StartedModel,
} from '../engine/generated/types';
import { locale } from '../i18n/locale.svelte';
import { own } from '../model/own';
import { configDifference, recipeOf } from '../runs/config-difference';
import { changeWords } from '../runs/difference-words';
import type { Ending } from '../runs/kept-run';
import { nameOf } from '../runs/naming';
import type { EndedRun } from '../runs/runs.svelte';
import type { Race } from './race';
import type { Run } from './run.svelte';

/** Where it ran, and what its config was changed from. */
export interface Circumstances {
  readonly recipe: Recipe | null;
  readonly recipes: readonly Recipe[];
  readonly environment: Environment | null;
}

/** What is kept of a race that has ended; null where there is nothing to show of it. */
export function endedRun(
  { run, config: asked }: Pick<Race, 'run' | 'config'>,
  ending: Ending,
  { recipe, recipes, environment }: Circumstances,
): EndedRun | null {
  if (run.epochsEnded === 0 && !run.isComplete) return null;
  const record = run.record ?? (environment && recordSoFar(run, asked, environment));
  if (!record) return null;
  const { config } = record;
  const origin = { recipe: recipe?.name ?? null, config };
  const base = recipeOf(origin, recipes);
  return {
    ending,
    ...origin,
    elapsedMs: run.elapsedMs,
    environment: record.environment,
    record,
    nameAmong: (taken) =>
      nameOf(
        base ? base.title[locale()] : '',
        base ? configDifference(base.config, config) : [],
        changeWords,
        taken,
      ),
  };
}

/** A record without what only the engine knows: digests of weights, and the digits that a model gets wrong. */
function recordSoFar(run: Run, config: Config, environment: Environment): RunRecord {
  const models = run.models.map((model) => [model.name, modelSoFar(run, model)] as const);
  return {
    version: 1,
    config,
    environment,
    models: Object.fromEntries(models),
    costs: run.costs,
    comparisons: [...run.comparisons],
    test_opened: run.testOpened,
    test: run.test,
    digest: '',
  };
}

function modelSoFar(run: Run, { name, cost }: StartedModel): ModelRecord {
  return {
    parameters: cost.weights,
    weights_digest: '',
    epochs: own(run.epochs, name) ?? [],
    wrong: [],
    stopped: run.stoppedBy(name)?.warning.code ?? (run.endedEarly.has(name) ? 'patience_spent' : null),
  };
}
