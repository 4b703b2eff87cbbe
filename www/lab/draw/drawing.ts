/** A drawing as strokes on a square pad, and what drawing on does to it. */

/** Side of the pad in its own pixels; a multiple of 28 keeps a 28×28 digit's pixels square. */
export const PAD_SIDE = 280;
/** A stroke about as thick, for a digit that fills the pad, as MNIST's are: 2 of 20 pixels. */
export const STROKE_WIDTH = 22;

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Width of the line here. */
  readonly width: number;
}

export type Stroke = readonly Point[];

/** A point within the pad; pens that feel pressure draw from half as thin to half as thick again. */
export function pointAt(x: number, y: number, pressure: number | null): Point {
  const within = (value: number): number => Math.min(PAD_SIDE, Math.max(0, value));
  const width = pressure === null ? STROKE_WIDTH : STROKE_WIDTH * (0.5 + Math.min(1, pressure));
  return { x: within(x), y: within(y), width };
}

/** The drawing with a point added to its last stroke, or with a stroke begun by it. */
export function withPoint(strokes: readonly Stroke[], point: Point, begins: boolean): Stroke[] {
  const last = strokes.at(-1);
  if (begins || !last) return [...strokes, [point]];
  return [...strokes.slice(0, -1), [...last, point]];
}
