/** Asks for the digits that a model would learn from, one question at a time; the answer before stays until the next. */

import { toFailure } from '../../../engine/failure';
import type { Config, Example } from '../../../engine/generated/types';
import type { Failure } from '../../../engine/messages';
import { Latest } from '../../../model/latest';
import type { Models } from '../../../model/models';

export interface Question {
  readonly config: Config;
  readonly model: string;
}

export class Examples {
  seen = $state.raw<readonly Example[]>([]);
  failure = $state.raw<Failure | null>(null);
  /** What was asked last and has been answered. */
  answered = $state.raw<Question | null>(null);
  readonly #latest: Latest<Question, Example[]>;

  constructor(models: Pick<Models, 'examples'>, most: number) {
    this.#latest = new Latest(
      ({ config, model }) => models.examples(config, model, most),
      (found, question) => {
        this.seen = found;
        this.failure = null;
        this.answered = question;
      },
      (thrown, question) => {
        this.failure = toFailure(thrown);
        this.answered = question;
      },
    );
  }

  ask(question: Question): void {
    this.#latest.put(question);
  }
}
