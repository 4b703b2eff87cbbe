/** The chosen digit with both models' logits. All of it changes at once, so that nothing is ever compared across digits. */

import { toFailure } from '../../engine/failure';
import type { Digit, Failure } from '../../engine/messages';
import { Latest } from '../../model/latest';
import type { LogitsCache } from '../../model/logits-cache';
import type { TestDigits } from '../../model/test-digits.svelte';

export interface Question {
  readonly index: number;
  readonly left: string | null;
  readonly right: string | null;
}

export interface Shown extends Question {
  readonly digit: Digit;
  /** Null while the model has no weights. */
  readonly leftLogits: Float32Array | null;
  readonly rightLogits: Float32Array | null;
}

export class ChosenDigit {
  /** What is on show; the digit before stays until the next is complete. */
  shown = $state.raw<Shown | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #latest: Latest<Question, Shown>;

  constructor(digits: TestDigits, logits: LogitsCache) {
    const ofModel = async (model: string | null, index: number): Promise<Float32Array | null> =>
      model === null ? null : ((await logits.get(model, [index]))?.[0] ?? null);
    this.#latest = new Latest(
      async (question) => {
        const [digit, leftLogits, rightLogits] = await Promise.all([
          digits.get(question.index),
          ofModel(question.left, question.index),
          ofModel(question.right, question.index),
        ]);
        return { ...question, digit, leftLogits, rightLogits };
      },
      (shown) => {
        this.shown = shown;
        this.failure = null;
      },
      (thrown) => {
        this.failure = toFailure(thrown);
      },
    );
  }

  show(question: Question): void {
    this.#latest.put(question);
  }
}
