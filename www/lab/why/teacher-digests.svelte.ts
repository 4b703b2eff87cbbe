/** Whether teachers still have the weights that they taught with from the first step on. */

import type { Config } from '../../engine/generated/types';
import { Latest } from '../../model/latest';
import { own } from '../../model/own';
import { readWeights } from '../../model/packed-weights';
import { checkpointOf } from '../../model/roles';
import { weightsDigest } from '../../model/weights-digest';
import type { PageStore } from '../../state/page-store';
import type { TeacherDigest } from './loss-checks';

type Store = Pick<PageStore, 'cards' | 'models' | 'run'>;

interface Question {
  readonly config: Config | null;
  readonly teachers: readonly string[];
}

export class TeacherDigests {
  /** None until they are worked out, and where that failed: another view tells why models cannot be asked. */
  all = $state.raw<readonly TeacherDigest[]>([]);
  readonly #latest: Latest<Question, readonly TeacherDigest[]>;

  constructor(private readonly store: Store) {
    this.#latest = new Latest<Question, readonly TeacherDigest[]>(
      ({ config, teachers }) => Promise.all(teachers.map((model) => this.#of(config, model))),
      (all) => {
        this.all = all;
      },
      () => {
        this.all = [];
      },
    );
  }

  ask(question: Question): void {
    this.#latest.put(question);
  }

  async #of(config: Config | null, model: string): Promise<TeacherDigest> {
    const { cards, models, run } = this.store;
    const checkpoint = checkpointOf(config, model);
    if (checkpoint !== null) await cards.load();
    const card = cards.all.find(({ name }) => name === checkpoint);
    // Of a teacher that was trained here the record has it, once there is one.
    const before =
      checkpoint === null ? own(run.record?.models, model)?.weights_digest : card?.weights_digest;
    const now = models.hasWeights(model)
      ? await weightsDigest(readWeights(await models.weights(model)).tensors)
      : null;
    return { model, now, before: before || null };
  }
}
