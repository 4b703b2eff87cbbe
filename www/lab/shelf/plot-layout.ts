/** Where marks and their names stand in the plot, in pixels. */

import { logAxis } from '../../charts/axes';
import type { Placed, ShelfModel } from '../../model/shelf';

/** A place in the plot: across from the left, down from the top. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly marginLeft: number;
  readonly marginRight: number;
  readonly marginTop: number;
  readonly marginBottom: number;
}

/** Ends of both axes. */
export interface Axes {
  readonly size: readonly [number, number];
  readonly errors: readonly [number, number];
}

/** A logarithmic axis has no 0: a model without errors lies below all others. */
export function drawnErrors(errors: number): number {
  return Math.max(errors, 0.8);
}

/**
 * Axes that hold all that is shown. `sizes` are those of every model of the race, measured or not, so that the axis across does
 * not move while they come.
 */
export function axesOf(sizes: readonly number[], errors: readonly number[]): Axes {
  return {
    size: logAxis(sizes.map((size) => Math.max(size, 0.01))),
    errors: logAxis(errors.map(drawnErrors)),
  };
}

function along(value: number, [low, high]: readonly [number, number]): number {
  return Math.log(value / low) / Math.log(high / low);
}

/** The place of a size and an error count. */
export function spotOf(size: number, errors: number, axes: Axes, frame: Frame): Spot {
  const [across, down] = [
    frame.width - frame.marginLeft - frame.marginRight,
    frame.height - frame.marginTop - frame.marginBottom,
  ];
  return {
    x: frame.marginLeft + across * along(size, axes.size),
    y: frame.marginTop + down * (1 - along(drawnErrors(errors), axes.errors)),
  };
}

/** The mark nearest to a pointer, none farther than `most` pixels. */
export function nearest<T extends Spot>(spots: readonly T[], { x, y }: Spot, most: number): T | null {
  let [best, least]: [T | null, number] = [null, most];
  for (const spot of spots) {
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance <= least) [best, least] = [spot, distance];
  }
  return best;
}

export interface Label {
  readonly model: ShelfModel;
  readonly text: string;
  /** Beside its mark. */
  readonly dx: number;
  readonly dy: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const LINE_PX = 14;
const GAP_PX = 10;
const MARK_PX = 7;
/** Width of a letter of the charts' size at most, and of a Chinese character. */
const LETTER_PX = 8;
const CHARACTER_PX = 13;

function widthOf(text: string): number {
  const wide = [...text].filter((letter) => letter.charCodeAt(0) > 0x2e80).length;
  return wide * CHARACTER_PX + (text.length - wide) * LETTER_PX;
}

/** Places beside a mark, the most usual first. */
const SIDES = [
  // Above the frontier, which goes on to the right at the height of its marks.
  { dx: GAP_PX - 2, dy: -GAP_PX, anchor: 'start' },
  { dx: GAP_PX, dy: 0, anchor: 'start' },
  { dx: -GAP_PX, dy: 0, anchor: 'end' },
  { dx: 0, dy: -GAP_PX - LINE_PX / 2, anchor: 'middle' },
  { dx: 0, dy: GAP_PX + LINE_PX / 2, anchor: 'middle' },
  { dx: -GAP_PX + 2, dy: GAP_PX, anchor: 'end' },
] as const;

function boxOf({ x, y }: Spot, text: string, { dx, dy, anchor }: (typeof SIDES)[number]): Box {
  const width = widthOf(text);
  const left = x + dx - { start: 0, middle: width / 2, end: width }[anchor];
  const top = y + dy - LINE_PX / 2;
  return { left, top, right: left + width, bottom: top + LINE_PX };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function isInside({ left, top, right, bottom }: Box, frame: Frame): boolean {
  const isBetween = left >= frame.marginLeft && right <= frame.width;
  return isBetween && top >= 0 && bottom <= frame.height - frame.marginBottom;
}

/**
 * Names beside their marks, as many as have room: none lies on a mark, on another name or outside the frame. Whoever comes first
 * has the first choice.
 */
export function labelsOf(
  spots: readonly (Spot & Pick<Placed, 'model'>)[],
  textOf: (model: ShelfModel) => string,
  frame: Frame,
): Label[] {
  const taken: Box[] = spots.map(({ x, y }) => ({
    ...{ left: x - MARK_PX, right: x + MARK_PX },
    ...{ top: y - MARK_PX, bottom: y + MARK_PX },
  }));
  const labels: Label[] = [];
  for (const { model, x, y } of spots) {
    const text = textOf(model);
    const side = SIDES.find((candidate) => {
      const box = boxOf({ x, y }, text, candidate);
      return isInside(box, frame) && !taken.some((other) => overlap(box, other));
    });
    if (!side) continue;
    taken.push(boxOf({ x, y }, text, side));
    labels.push({ model, text, ...side });
  }
  return labels;
}
