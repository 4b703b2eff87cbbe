/** A run that the browser keeps: what the table of runs needs of it at once. Its record lies beside it and is read when asked for. */

import type { Config, Environment, Record as RunRecord } from '../engine/generated/types';

/** How a run ended; `broken_off`: by a reset, by another race, or by an engine that died. */
export type Ending = 'finished' | 'stopped' | 'broken_off';

/** What a model of it came to. */
export interface Result {
  readonly model: string;
  readonly errors: number;
  /** How many digits were evaluated. */
  readonly evaluated: number;
}

export interface KeptRun {
  readonly id: string;
  readonly name: string;
  /** The visitor's own words; may be empty. */
  readonly note: string;
  readonly isPinned: boolean;
  /** Milliseconds since 1970; of a record that was opened, when that was. */
  readonly endedAt: number;
  /** Time spent training; null where nobody took it. */
  readonly elapsedMs: number | null;
  readonly ending: Ending;
  /** Name of the recipe that its config was changed from; null for a record that was opened. */
  readonly recipe: string | null;
  readonly config: Config;
  readonly environment: Environment;
  readonly results: readonly Result[];
}

/** A run with everything that is kept of it. */
export interface WholeRun {
  readonly run: KeptRun;
  readonly record: RunRecord;
}

/** What each measured model came to: on the test digits once they were opened, else after its last epoch. */
export function resultsOf({ models, test }: Pick<RunRecord, 'models' | 'test'>): Result[] {
  return Object.entries(models).flatMap(([model, { epochs }]) => {
    const tested = test && Object.hasOwn(test.models, model) ? test.models[model] : undefined;
    const counted = tested ?? epochs.at(-1);
    return counted ? [{ model, errors: counted.errors, evaluated: counted.evaluated }] : [];
  });
}

/** A name for the browser's own use, which no other run has. */
export function newId(): string {
  // `crypto.randomUUID` is there only where the page came by https.
  const random = crypto.getRandomValues(new Uint32Array(3));
  return [...random].map((part) => part.toString(36)).join('-');
}
