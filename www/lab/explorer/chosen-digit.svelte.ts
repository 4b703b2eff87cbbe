/** The digit on show with both models' logits. All of it changes at once, so that nothing is ever compared across digits. */

import { toFailure } from '../../engine/failure';
import type { Failure } from '../../engine/messages';
import { Latest } from '../../model/latest';
import type { LogitsCache } from '../../model/logits-cache';
import type { Models } from '../../model/models';
import type { TestDigits } from '../../model/test-digits.svelte';

export interface Question {
  /** The index of a test digit, or the visitor's own drawing: 784 grey values, 0 to 1. */
  readonly asked: number | Float32Array;
  readonly left: string | null;
  readonly right: string | null;
}

export interface Shown extends Pick<Question, 'left' | 'right'> {
  /** Null for a drawing. */
  readonly index: number | null;
  /** Null for a drawing, of which nobody has said what it is. */
  readonly label: number | null;
  /** 784 grey values, row by row. */
  readonly pixels: ArrayLike<number>;
  /** The grey value that is white. */
  readonly white: number;
  /** Null while the model has no weights. */
  readonly leftLogits: Float32Array | null;
  readonly rightLogits: Float32Array | null;
}

type Source = Pick<Models, 'hasWeights' | 'logitsOfPixels'>;

export class ChosenDigit {
  /** What is on show; the digit before stays until the next is complete. */
  shown = $state.raw<Shown | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #latest: Latest<Question, Shown>;

  constructor(
    private readonly models: Source,
    private readonly digits: TestDigits,
    private readonly logits: LogitsCache,
  ) {
    this.#latest = new Latest(
      (question) => this.#answer(question),
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

  async #answer({ asked, left, right }: Question): Promise<Shown> {
    const [leftLogits, rightLogits] = await Promise.all([
      this.#logitsOf(left, asked),
      this.#logitsOf(right, asked),
    ]);
    const answers = { left, right, leftLogits, rightLogits };
    if (typeof asked !== 'number') return { ...answers, index: null, label: null, pixels: asked, white: 1 };
    const { label, pixels } = await this.digits.get(asked);
    return { ...answers, index: asked, label, pixels, white: 255 };
  }

  async #logitsOf(model: string | null, asked: number | Float32Array): Promise<Float32Array | null> {
    if (model === null) return null;
    if (typeof asked === 'number') return (await this.logits.get(model, [asked]))?.[0] ?? null;
    return this.models.hasWeights(model) ? this.models.logitsOfPixels(model, asked) : null;
  }
}
