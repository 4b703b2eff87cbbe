/**
 * How long the rest will take. The first epoch tells little: the teacher answers for every digit then,
 * once and for all. So its pace counts only as long as there is no other, and later the latest half of the time.
 */
export class Pace {
  #samples: { elapsedMs: number; steps: number }[] = [];
  /** Steps that the first epoch took; null during it. */
  #firstEpochSteps: number | null = null;
  /** Index of the first sample with steps of the second epoch: what is measured between them is over by then. */
  #settledFrom: number | null = null;

  /** Takes note of how far the run is. `isFirstEpoch`: no model has ended an epoch yet. */
  note(elapsedMs: number, steps: number, isFirstEpoch: boolean): void {
    this.#samples.push({ elapsedMs, steps });
    if (isFirstEpoch) return;
    this.#firstEpochSteps ??= steps;
    if (steps > this.#firstEpochSteps) this.#settledFrom ??= this.#samples.length - 1;
  }

  /** Time for so many further steps; null while nothing can be said. */
  remainingMs(steps: number, isOnlyEpoch: boolean): number | null {
    const from = this.#settledFrom ?? (isOnlyEpoch ? 0 : null);
    const first = from === null ? undefined : this.#samples[from];
    const last = this.#samples.at(-1);
    if (!first || !last) return null;
    const middle = (first.elapsedMs + last.elapsedMs) / 2;
    const start = this.#samples.findLast(({ elapsedMs }) => elapsedMs <= middle) ?? first;
    const done = last.steps - start.steps;
    return done > 0 ? ((last.elapsedMs - start.elapsedMs) / done) * steps : null;
  }
}
