/** What the explorer may show in place of a test digit: the visitor's own drawing, as the networks see it, or a picture lent to it. */

/** A labelled picture that is no test digit. */
export interface LentPicture {
  /** 784 grey values, 0 to 255. */
  readonly pixels: Uint8Array;
  readonly label: number;
  /** Its number among the pictures to learn on, the last of which are held out. */
  readonly index: number;
}

export class DrawnDigit {
  /** 784 grey values, 0 to 1; null for a blank pad. */
  pixels = $state.raw<Float32Array | null>(null);
  /** Whether the explorer was asked to show it in place of a test digit. */
  #isWanted = $state(false);
  #lent = $state.raw<LentPicture | null>(null);

  /** The picture that another view has lent to the explorer; null while it shows a test digit or the drawing. */
  get lent(): LentPicture | null {
    return this.#lent;
  }

  /** Whether the explorer shows something else than a test digit. */
  get isShown(): boolean {
    return this.#lent !== null || (this.#isWanted && this.pixels !== null);
  }

  show(): void {
    this.#lent = null;
    this.#isWanted = true;
  }

  lend(picture: LentPicture): void {
    this.#lent = picture;
  }

  hide(): void {
    this.#lent = null;
    this.#isWanted = false;
  }
}
