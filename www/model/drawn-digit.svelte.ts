/** The visitor's own drawing, as the networks see it, for whoever shows digits. */
export class DrawnDigit {
  /** 784 grey values, 0 to 1; null for a blank pad. */
  pixels = $state.raw<Float32Array | null>(null);
  /** Whether the explorer was asked to show it in place of a test digit. */
  #isWanted = $state(false);

  /** Whether the explorer shows it. */
  get isShown(): boolean {
    return this.#isWanted && this.pixels !== null;
  }

  show(): void {
    this.#isWanted = true;
  }

  hide(): void {
    this.#isWanted = false;
  }
}
