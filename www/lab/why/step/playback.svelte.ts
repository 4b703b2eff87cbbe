/** Stages that follow one another by themselves while it plays, and at a touch. */

export class Playback {
  /** The stage on show, from 0. */
  stage = $state(0);
  isPlaying = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly stages: number,
    private readonly stageMs: number,
  ) {}

  get isFirst(): boolean {
    return this.stage === 0;
  }

  get isLast(): boolean {
    return this.stage === this.stages - 1;
  }

  /** Plays on; from the last stage, from the beginning. */
  play(): void {
    if (this.isLast) this.stage = 0;
    this.isPlaying = true;
    this.#wait();
  }

  pause(): void {
    this.isPlaying = false;
    clearTimeout(this.#timer);
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** Shows a stage, and stays there; one that there is none of changes nothing. */
  go(stage: number): void {
    this.pause();
    if (stage >= 0 && stage < this.stages) this.stage = stage;
  }

  repeat(): void {
    this.stage = 0;
    this.isPlaying = true;
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.stage += 1;
      if (this.isLast) this.pause();
      else this.#wait();
    }, this.stageMs);
  }
}
