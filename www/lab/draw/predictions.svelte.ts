/** What every model makes of the drawing: one request under way, always of the newest drawing. */

import { toFailure } from '../../engine/failure';
import type { Failure } from '../../engine/messages';
import { Latest } from '../../model/latest';
import type { Models } from '../../model/models';
import { PAD_SIDE } from './drawing';

interface Seen {
  /** The drawing as the networks see it: 784 values, 0 to 1. */
  readonly pixels: Float32Array;
  /** Logits of every model that has weights. */
  readonly byModel: ReadonlyMap<string, Float32Array>;
}

export class Predictions {
  seen = $state.raw<Seen | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** The newest drawing that was answered, by what is seen or by a failure. */
  answered = $state.raw<Uint8Array | null>(null);
  /** Rises when the pad is cleared, so that an answer about the drawing before is let go. */
  #drawing = 0;
  readonly #latest: Latest<{ grey: Uint8Array; drawing: number }, Seen | null>;

  constructor(
    models: Pick<Models, 'centre' | 'logitsOfPixels' | 'hasWeights'>,
    /** Names of those that tell the ten digits. */
    names: () => readonly string[],
  ) {
    this.#latest = new Latest<{ grey: Uint8Array; drawing: number }, Seen | null>(
      async ({ grey }) => {
        const pixels = await models.centre(grey, PAD_SIDE, PAD_SIDE);
        if (!pixels) return null;
        const byModel = new Map<string, Float32Array>();
        for (const model of names().filter((name) => models.hasWeights(name))) {
          byModel.set(model, await models.logitsOfPixels(model, pixels));
        }
        return { pixels, byModel };
      },
      (seen, { grey, drawing }) => {
        if (drawing !== this.#drawing) return;
        this.seen = seen;
        this.failure = null;
        this.answered = grey;
      },
      (thrown, { grey }) => {
        this.failure = toFailure(thrown);
        this.answered = grey;
      },
    );
  }

  /** Asks about a drawing; null clears, a blank pad is no digit. */
  ask(grey: Uint8Array | null): void {
    if (grey) {
      this.#latest.put({ grey, drawing: this.#drawing });
      return;
    }
    this.#latest.withdraw();
    this.#drawing += 1;
    this.seen = null;
    this.failure = null;
    this.answered = null;
  }
}
