/**
 * The digit under the inspector with what a model and its teachers make of it. All of it changes at once, so that nothing is
 * ever compared across digits.
 */

import { toFailure } from '../../engine/failure';
import type { Failure, Split } from '../../engine/messages';
import { Latest } from '../../model/latest';
import type { Models } from '../../model/models';

export interface DigitId {
  readonly split: Split;
  readonly index: number;
}

/** Which digit is inspected: the explorer's, one that another view led to, or one of the transfer set. */
export type From = 'explorer' | 'led' | 'transfer';

export interface Question extends DigitId {
  readonly model: string;
  readonly teachers: readonly string[];
  /** Models whose weights do not change at the moment. */
  readonly steady: readonly string[];
}

export interface Inspected extends Question {
  readonly pixels: Uint8Array;
  readonly label: number;
  /** Null while the model, or one of its teachers, has no weights. */
  readonly logits: Float32Array | null;
  /** In the order of the teachers. */
  readonly taught: readonly Float32Array[];
  /**
   * How far logits that were asked for by the digit's number lie from those of the very picture that is shown, at most; null
   * where every model is changing.
   */
  readonly apart: number | null;
}

type Source = Pick<Models, 'digits' | 'hasWeights' | 'logits' | 'logitsOfPixels'>;

const WHITE = 255;

export class InspectedDigit {
  /** What is on show; what was before stays until the next is complete. */
  shown = $state.raw<Inspected | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #latest: Latest<Question, Inspected>;

  constructor(private readonly models: Source) {
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

  async #answer(question: Question): Promise<Inspected> {
    const { split, index, model, teachers } = question;
    const names = [model, ...teachers];
    const [digit] = await this.models.digits(split, [index]);
    const { pixels, label } = digit!;
    const bare = { ...question, pixels, label, logits: null, taught: [], apart: null };
    if (!names.every((name) => this.models.hasWeights(name))) return bare;
    const all = await Promise.all(names.map((name) => this.models.logits(name, split, [index])));
    const apart = await this.#apart(question, pixels, new Map(names.map((name, i) => [name, all[i]!])));
    return { ...bare, logits: all[0]!, taught: all.slice(1), apart };
  }

  async #apart(
    { steady }: Question,
    pixels: Uint8Array,
    byNumber: ReadonlyMap<string, Float32Array>,
  ): Promise<number | null> {
    const grey = Float32Array.from(pixels, (value) => value / WHITE);
    const asked = [...byNumber].filter(([name]) => steady.includes(name));
    const differences = await Promise.all(
      asked.map(async ([name, logits]) => {
        const ofPicture = await this.models.logitsOfPixels(name, grey);
        return Math.max(...ofPicture.map((logit, i) => Math.abs(logit - logits[i]!)));
      }),
    );
    return differences.length === 0 ? null : Math.max(...differences);
  }
}
