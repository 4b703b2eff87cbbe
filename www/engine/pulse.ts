/**
 * Whether a worker lives, for where no lock tells it. The worker itself cannot answer while it is in a long call of wasm, so
 * a helper answers for it: a worker of the worker, in a thread of its own, which ends with it. A busy worker is never taken
 * for a dead one; a dead one is noticed after `BEAT_MS` × `MISSED_BEATS`.
 *
 * Limits: beats are counted, not time, so that a page that slept or was throttled (timers of a hidden tab may come once a
 * minute) misses no more than one of them by it, and notices a death that much later. A helper that could not be loaded
 * never beats, and one that never beat is not missed.
 */

export const BEAT_MS = 3000;
export const MISSED_BEATS = 4;

export class Pulse {
  readonly #timer: ReturnType<typeof setInterval>;
  #hasBeaten = false;
  #missed = 0;

  constructor(
    private readonly port: MessagePort,
    private readonly stopped: () => void,
  ) {
    port.onmessage = () => {
      this.#hasBeaten = true;
      this.#missed = 0;
    };
    port.postMessage(null);
    this.#timer = setInterval(() => this.#ask(), BEAT_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.port.close();
  }

  #ask(): void {
    if (this.#hasBeaten && this.#missed >= MISSED_BEATS) {
      this.stop();
      this.stopped();
      return;
    }
    this.#missed += 1;
    this.port.postMessage(null);
  }
}
