/**
 * How often what a race brings is drawn. A slow machine takes longer to draw a moment of a race than to train it, and the
 * worker waits meanwhile: drawing gets its share of the time, however long it takes.
 */

/** Of the time, drawing has one part in so many. */
const PARTS = 6;
/** A race that stands still for longer seems to have stopped. */
const LONGEST_MS = 600;

export class Pace {
  #nextAt = 0;

  /** `afterFrame`: calls back once the next frame has been drawn; null where nothing is drawn, and nothing need wait. */
  constructor(private readonly afterFrame: ((done: () => void) => void) | null = afterNextFrame()) {}

  /** Whether what has come may be drawn now. */
  get isDue(): boolean {
    return performance.now() >= this.#nextAt;
  }

  /** Drawing begins: what has come is about to stand on the page. */
  begin(): void {
    const begun = performance.now();
    if (!this.afterFrame) return;
    // A page that is hidden draws no frame.
    const latest = begun + LONGEST_MS;
    this.#nextAt = latest;
    this.afterFrame(() => {
      const tookMs = performance.now() - begun;
      if (this.#nextAt === latest) this.#nextAt = Math.min(latest, begun + PARTS * tookMs);
    });
  }
}

function afterNextFrame(): ((done: () => void) => void) | null {
  if (typeof requestAnimationFrame === 'undefined') return null;
  // The task after the callback is the first one that begins when the frame has been laid out and painted.
  return (done) => requestAnimationFrame(() => setTimeout(done));
}
