/** How an experiment begins: the first weights of all its models and the losses of their first steps, on an engine of its own. */

import { EngineClient } from './client';
import { toFailure } from './failure';
import type { Config, LossTerms } from './generated/types';
import { type Given, give } from './given';

export interface FirstSteps {
  /** A safetensors file for each model, as it is before the first step. */
  readonly weights: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Losses of each trained model, step by step. */
  readonly losses: Readonly<Record<string, readonly LossTerms[]>>;
}

/** One round of steps, however slow the engine is. */
const BUDGET_MS = 600_000;
const DEAF = { notice: () => undefined, replaced: () => undefined, lost: () => undefined };
const UNHEARD = { kept: () => undefined, rewound: () => undefined };

/** Rejects with a `Failure`. `page`: the page's own engine. */
export async function firstSteps(
  base: string,
  config: Config,
  steps: number,
  page: Given & Pick<EngineClient, 'recipes'>,
  client = new EngineClient(base, DEAF),
): Promise<FirstSteps> {
  try {
    client.recipes = page.recipes;
    await client.open('cpu');
    await client.call((api) => api.loadFirst());
    await give(client, page);
    const session = await client.start(config, new AbortController().signal, UNHEARD);
    const weights = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const name of Object.keys(config.models))
      weights.set(name, await client.call((api) => api.weights(name)));
    const losses: Record<string, LossTerms[]> = Object.fromEntries(
      learners(config).map((name) => [name, []]),
    );
    // A model whose epoch waits for digits is a step behind for a while.
    while (Object.values(losses).some((list) => list.length < steps)) {
      const advance = await client.ofSession(session, (api) => api.advance(BUDGET_MS, 1));
      // Digits are on their way.
      if (!advance) continue;
      for (const event of advance.events) if (event.type === 'step') losses[event.model]?.push(event.loss);
      if (advance.finished) break;
    }
    for (const list of Object.values(losses)) list.splice(steps);
    return { weights, losses };
  } catch (thrown) {
    throw toFailure(thrown);
  } finally {
    client.close();
  }
}

/** The models that are trained. */
const learners = ({ models }: Config): string[] =>
  Object.keys(models).filter((name) => !(models[name]?.init && 'pretrained' in models[name].init));
