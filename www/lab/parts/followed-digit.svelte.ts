/** The digit that the visitor has chosen, with the teacher's logits of it, for the facts of a lesson. */

import type { AskedDigit } from '../../lessons/facts';
import { Latest } from '../../model/latest';
import type { PageStore } from '../../state/page-store';

interface Question {
  readonly index: number;
  readonly teacher: string;
}

type Store = Pick<PageStore, 'drawn' | 'logits' | 'models' | 'testDigits' | 'view'>;

export class FollowedDigit {
  #answered = $state.raw<AskedDigit | null>(null);
  readonly #latest: Latest<Question, AskedDigit | null>;

  constructor(private readonly store: Store) {
    this.#latest = new Latest(
      (question) => this.#answer(question),
      (digit) => {
        this.#answered = digit;
      },
      // The explorer tells of the same failure.
      () => {
        this.#answered = null;
      },
    );
  }

  /** Null while another digit is on show, or a drawing. */
  get shown(): AskedDigit | null {
    const { drawn, view } = this.store;
    return !drawn.isShown && this.#answered?.index === view.digit ? this.#answered : null;
  }

  /** The grey values of the chosen digit, 0 to 255, whether or not a teacher can be asked about it. */
  get pixels(): ArrayLike<number> | undefined {
    const { testDigits, view } = this.store;
    return view.digit === null ? undefined : testDigits.at(view.digit)?.pixels;
  }

  /** Asks whenever the digit or the teacher's weights have changed. */
  follow(teacher: string | null): void {
    const { models, view } = this.store;
    const index = view.digit;
    const weights = teacher === null ? null : models.weightsName(teacher);
    if (index === null || teacher === null || weights === null || !models.canShow) return;
    if (index < models.digitCount.test) this.#latest.put({ index, teacher });
  }

  async #answer({ index, teacher }: Question): Promise<AskedDigit | null> {
    const [digit, logits] = await Promise.all([
      this.store.testDigits.get(index),
      this.store.logits.get(teacher, [index]),
    ]);
    return logits ? { index, label: digit.label, logits: logits[0]! } : null;
  }
}
