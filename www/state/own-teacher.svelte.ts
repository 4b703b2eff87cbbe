/** The visitor's own teacher: a file of weights that every engine takes beside the shipped ones. */

import type { EngineClient } from '../engine/client';
import { toFailure } from '../engine/failure';
import type { Failure } from '../engine/messages';
import type { OwnTeacher as Taken } from '../engine/own-teacher';
import { own } from '../model/own';
import { taughtBy, teacherToReplace } from '../model/own-teacher';
import type { Json } from '../model/paths';
import { checkpointOf } from '../model/roles';
import type { Experiment } from './experiment.svelte';

export class OwnTeacher {
  isTaking = $state(false);
  /** The one that was taken last, and what its file was called. */
  taken = $state.raw<Taken | null>(null);
  file = $state('');
  /** Why the file given last was not taken; what was taken before stays. */
  refused = $state.raw<Failure | null>(null);

  constructor(
    private readonly client: Pick<EngineClient, 'addTeacher'>,
    private readonly experiment: Pick<Experiment, 'config' | 'set'>,
  ) {}

  /** The model whose place it takes, null where nobody teaches. */
  get place(): string | null {
    return teacherToReplace(this.experiment.config);
  }

  /** Whether it teaches in the experiment that is being set up. */
  get teaches(): boolean {
    const { place, taken } = this;
    return taken !== null && place !== null && checkpointOf(this.experiment.config, place) === taken.name;
  }

  /** Takes a safetensors file and lets it teach. What is wrong with it stands in `refused`. */
  async take(file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.isTaking = true;
    this.refused = null;
    try {
      const { teacherIn } = await import('../model/teacher-file');
      const teacher = teacherIn(file, bytes);
      await this.client.addTeacher(teacher);
      this.taken = teacher;
      this.file = file;
      this.teach();
    } catch (thrown) {
      this.refused = toFailure(thrown);
    } finally {
      this.isTaking = false;
    }
  }

  /** Puts it into its place in the experiment. */
  teach(): void {
    const { place, taken } = this;
    if (place === null || taken === null) return;
    const model = taughtBy(own(this.experiment.config?.models, place), taken);
    this.experiment.set(`models.${place}`, model as unknown as Json);
  }
}
