/** Asks the engine what a trained model would be if its weights were held small, one question at a time, and keeps the answers. */

import { toFailure } from '../../engine/failure';
import type { Compressed, Compression } from '../../engine/generated/types';
import type { Failure } from '../../engine/messages';
import { Latest } from '../../model/latest';
import type { Models } from '../../model/models';

export interface Question {
  readonly model: string;
  readonly ways: readonly Compression[];
  /** So many of its layers; null: all of them. */
  readonly depth: number | null;
}

export interface Answer extends Question {
  readonly result: Compressed;
}

/** So many answers leave a trail in the plot. */
const MOST_KEPT = 12;

export class WhatIf {
  /** Answers about one model, the latest last. */
  trail = $state.raw<readonly Answer[]>([]);
  failure = $state.raw<Failure | null>(null);
  isAsking = $state(false);
  readonly #latest: Latest<Question, Compressed>;
  /** The model that is asked about; answers about another come too late. */
  #model: string | null = null;

  constructor(models: Pick<Models, 'compressed'>) {
    this.#latest = new Latest(
      ({ model, ways, depth }) => models.compressed(model, ways, depth),
      (result, question) => {
        this.isAsking = false;
        this.failure = null;
        if (question.model !== this.#model) return;
        const before = this.trail.filter(({ model }) => model === question.model);
        this.trail = [...before, { ...question, result }].slice(-MOST_KEPT);
      },
      (thrown) => {
        this.isAsking = false;
        const reason = toFailure(thrown);
        // Another race has taken the place of the one that was asked about.
        if (reason.code !== 'run_stopped') this.failure = reason;
      },
    );
  }

  ask(question: Question): void {
    if (question.model !== this.#model) this.clear();
    this.#model = question.model;
    this.isAsking = true;
    this.#latest.put(question);
  }

  /** Forgets what was asked. */
  clear(): void {
    this.#latest.withdraw();
    this.#model = null;
    this.trail = [];
    this.failure = null;
    this.isAsking = false;
  }
}
