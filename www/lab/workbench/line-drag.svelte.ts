/** A line being drawn from one model to another, by mouse, pen or finger. */

/** A press that moves less is a click. */
const SLACK_PX = 6;

export class LineDrag {
  /** The model it starts at; null while none is drawn. */
  from = $state<string | null>(null);
  /** The model beneath the pointer. */
  over = $state<string | null>(null);
  /** Where the pointer is, in pixels of the drawing. */
  x = $state(0);
  y = $state(0);
  #pressed: { readonly model: string; readonly x: number; readonly y: number } | null = null;
  #wasDrawn = false;

  /** `drawing`: the element that models stand in, each with `data-node`; `dropped`: what a line is for. */
  constructor(
    private readonly drawing: () => HTMLElement | null,
    private readonly dropped: (from: string, to: string) => void,
  ) {}

  press(event: PointerEvent & { currentTarget: HTMLElement }, model: string): void {
    this.#wasDrawn = false;
    if (event.button !== 0 || event.currentTarget.matches(':disabled')) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#pressed = { model, x: event.clientX, y: event.clientY };
  }

  move({ clientX, clientY }: PointerEvent): void {
    const pressed = this.#pressed;
    const drawing = this.drawing();
    if (!pressed || !drawing) return;
    if (this.from === null && Math.hypot(clientX - pressed.x, clientY - pressed.y) < SLACK_PX) return;
    const { left, top } = drawing.getBoundingClientRect();
    this.from = pressed.model;
    this.x = clientX - left;
    this.y = clientY - top;
    const beneath = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-place]');
    this.over = beneath && drawing.contains(beneath) ? (beneath.dataset.place ?? null) : null;
  }

  release(): void {
    const { from, over } = this;
    this.cancel();
    this.#wasDrawn = from !== null;
    if (from !== null && over !== null) this.dropped(from, over);
  }

  cancel(): void {
    this.#pressed = null;
    this.from = null;
    this.over = null;
  }

  /** Whether the click that follows ends a line: then it is no press of the button. */
  tookClick(): boolean {
    const was = this.#wasDrawn;
    this.#wasDrawn = false;
    return was;
  }
}
