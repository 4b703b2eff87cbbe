/** A model's weights as a file, asked for once a change of them. */

import { toFailure } from '../../engine/failure';
import type { Failure } from '../../engine/messages';
import { Latest } from '../../model/latest';
import type { Models } from '../../model/models';
import { readWeights, type WeightsFile } from '../../model/packed-weights';

interface Read {
  readonly model: string;
  readonly file: WeightsFile;
}

export class ModelWeights {
  /** Of the model that was asked about last, once they are here. */
  read = $state.raw<Read | null>(null);
  failure = $state.raw<Failure | null>(null);
  readonly #latest: Latest<string, Read>;

  constructor(models: Pick<Models, 'weights'>) {
    this.#latest = new Latest(
      async (model) => ({ model, file: readWeights(await models.weights(model)) }),
      (read) => {
        this.read = read;
        this.failure = null;
      },
      (thrown) => {
        this.failure = toFailure(thrown);
      },
    );
  }

  ask(model: string): void {
    this.#latest.put(model);
  }
}
