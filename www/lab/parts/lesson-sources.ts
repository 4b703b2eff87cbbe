/** Where a lesson's facts come from on this page. It reads, and changes nothing. */

import type { Measured, RaceFacts, Sources } from '../../lessons/facts';
import { own } from '../../model/own';
import { roleOf } from '../../model/roles';
import { comparedIn, verdicts } from '../../model/verdict';
import type { PageStore } from '../../state/page-store';
import { findingWords } from '../words/verdict';

type Store = Pick<PageStore, 'costs' | 'experiment' | 'run' | 'shownConfig' | 'status' | 'trainer' | 'view'>;

export function sourcesOf(store: Store, more: Pick<Sources, 'digit' | 'events' | 'kept'>): Sources {
  const { costs, experiment, view } = store;
  return {
    view,
    costs,
    recipe: experiment.recipe?.name ?? null,
    config: experiment.config,
    race: raceFacts(store),
    ...more,
  };
}

function raceFacts({ run, shownConfig, status, trainer }: Store): RaceFacts {
  // Once the test digits are open, they have the say, as in the verdict.
  const measured = (model: string): Measured | null => own(run.test?.models, model) ?? run.latest(model);
  const errorsOf = (model: string): number => measured(model)?.errors ?? 0;
  const comparisons = run.test?.comparisons ?? run.comparisons;
  const [first] = verdicts({
    comparisons,
    models: run.models.map(({ name }) => name),
    roleOf: (model) => roleOf(shownConfig, model),
    errorsOf,
  });
  return {
    state: status,
    complete: status === 'finished' && run.isComplete,
    epochsEnded: run.epochsEnded,
    config: trainer.config,
    measured,
    compared: (a, b) => comparedIn(comparisons, a, b),
    verdict: first ? { kind: first.headline.kind, words: findingWords(first.headline, errorsOf) } : null,
  };
}
