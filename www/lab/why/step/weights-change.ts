/** How far a step has moved a network's weights. */

import { firstLayer } from '../../../model/first-layer';
import type { WeightsFile } from '../../../model/packed-weights';

export interface WeightsChange {
  /** Length of the vector of all weights before, and of the change. */
  readonly length: number;
  readonly moved: number;
}

/** Of two files of the same network, none of whose weights is packed. */
export function changeOf(before: WeightsFile, after: WeightsFile): WeightsChange {
  let [length, moved] = [0, 0];
  for (const [name, { values }] of before.tensors) {
    const now = after.tensors.get(name)!.values;
    values.forEach((value, i) => {
      length += value ** 2;
      moved += (now[i]! - value) ** 2;
    });
  }
  return { length: Math.sqrt(length), moved: Math.sqrt(moved) };
}

export interface MovedPicture {
  /** Number of the unit or filter, from 0. */
  readonly at: number;
  /** By how much each of its weights has changed. */
  readonly values: Float32Array;
  readonly length: number;
}

export interface MovedLayer {
  readonly of: 'unit' | 'filter' | 'patch';
  readonly side: number;
  /** The ones that moved most, the farthest first. */
  readonly pictures: readonly MovedPicture[];
  readonly count: number;
  /** The largest change of a weight among them. */
  readonly full: number;
}

/** Null for a network whose first layer sees no picture as one. */
export function movedLayer(before: WeightsFile, after: WeightsFile, most: number): MovedLayer | null {
  const [from, to] = [firstLayer(before), firstLayer(after)];
  if (!from || !to) return null;
  const all = from.pictures.map((values, at) => {
    const moved = values.map((value, i) => to.pictures[at]![i]! - value);
    return { at, values: moved, length: Math.hypot(...moved) };
  });
  const pictures = all.sort((a, b) => b.length - a.length).slice(0, most);
  const full = Math.max(...pictures.flatMap(({ values }) => Array.from(values, Math.abs)));
  return { of: from.of, side: from.side, pictures, count: all.length, full };
}
