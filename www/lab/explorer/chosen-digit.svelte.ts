/** The digit on show with both models' logits. All of it changes at once, so that nothing is ever compared across digits. */

import { toFailure } from '../../engine/failure';
import type { Failure } from '../../engine/messages';
import type { LentPicture } from '../../model/drawn-digit.svelte';
import { Latest } from '../../model/latest';
import type { LogitsCache } from '../../model/logits-cache';
import type { Models } from '../../model/models';
import type { TestDigits } from '../../model/test-digits.svelte';

export interface Question {
  /** The index of a test digit, the visitor's own drawing (784 grey values, 0 to 1), or a picture that another view lends. */
  readonly asked: number | Float32Array | LentPicture;
  readonly left: string | null;
  readonly right: string | null;
}

export interface Shown extends Pick<Question, 'left' | 'right'> {
  /** The index of a test digit; null for a drawing and for a picture that is lent. */
  readonly index: number | null;
  readonly lent: LentPicture | null;
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

/** The grey value that is white. */
const WHITE = 255;

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
    if (asked instanceof Float32Array)
      return { ...answers, index: null, lent: null, label: null, pixels: asked, white: 1 };
    const isLent = typeof asked !== 'number';
    const { label, pixels } = isLent ? asked : await this.digits.get(asked);
    const whose = isLent ? { index: null, lent: asked } : { index: asked, lent: null };
    return { ...answers, ...whose, label, pixels, white: WHITE };
  }

  async #logitsOf(model: string | null, asked: Question['asked']): Promise<Float32Array | null> {
    if (model === null) return null;
    if (typeof asked === 'number') return (await this.logits.get(model, [asked]))?.[0] ?? null;
    const pixels =
      asked instanceof Float32Array ? asked : Float32Array.from(asked.pixels, (grey) => grey / WHITE);
    return this.models.hasWeights(model) ? this.models.logitsOfPixels(model, pixels) : null;
  }
}
