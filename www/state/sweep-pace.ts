/**
 * How long the rest of a sweep will take: what cells under way say of themselves, and for those whose turn has not come
 * what the others take for so many multiplications. Cells of one sweep differ by a hundred times where it varies epochs.
 */

import type { Cell } from '../engine/generated/types';

interface Standing {
  readonly elapsedMs: number;
  /** Null while nothing tells. */
  readonly remainingMs: number | null;
}

export class SweepPace {
  readonly #standings = new Map<Cell, Standing>();
  readonly #over = new Set<Cell>();

  /** A cell is so far; `remainingMs` is null while nothing tells. */
  note(cell: Cell, elapsedMs: number, remainingMs: number | null): void {
    this.#standings.set(cell, { elapsedMs, remainingMs });
  }

  /** A cell has ended, after so long. */
  end(cell: Cell, elapsedMs: number): void {
    this.note(cell, elapsedMs, 0);
    this.#over.add(cell);
  }

  /** Forgets cells under way, which will begin anew. */
  interrupt(): void {
    for (const cell of this.#standings.keys()) if (!this.#over.has(cell)) this.#standings.delete(cell);
  }

  /** Milliseconds until all of these have ended, on so many engines; null while nothing tells. */
  remainingMs(cells: readonly Cell[], engines: number): number | null {
    let [tookMs, work] = [0, 0];
    for (const [cell, { elapsedMs, remainingMs }] of this.#standings) {
      if (remainingMs === null) continue;
      tookMs += elapsedMs + remainingMs;
      work += workOf(cell);
    }
    if (work === 0) return null;
    const left = cells.map((cell) => {
      const { elapsedMs, remainingMs } = this.#standings.get(cell) ?? { elapsedMs: 0, remainingMs: null };
      return remainingMs ?? Math.max(0, (tookMs / work) * workOf(cell) - elapsedMs);
    });
    const sum = left.reduce((all, ms) => all + ms, 0);
    // The last cells run alone, on as many engines as there are cells.
    return Math.max(sum / engines, ...left);
  }
}

/** What trains nothing takes a moment all the same. */
function workOf({ work }: Cell): number {
  return Math.max(1, work);
}
