/** The mark of each way of making: a shape that Plot draws, and the same for the key. */

import type { Making } from '../../model/shelf';

/** A triangle on its head, of an area. */
const DOWN = {
  draw(path: CanvasPath, area: number): void {
    const half = Math.sqrt(area / Math.sqrt(3));
    const rise = half / Math.sqrt(3);
    path.moveTo(-half, -rise);
    path.lineTo(half, -rise);
    path.lineTo(0, 2 * rise);
    path.closePath();
  },
};

export const SYMBOLS = {
  own: 'circle',
  pruned: 'triangle',
  quantised: 'square',
  ternary: 'diamond',
  narrowed: 'hexagon',
  copied_layers: 'cross',
  thin: 'wye',
  shared: DOWN,
  several: 'star',
} as const satisfies Record<Making, string | typeof DOWN>;

/** In a square of 14 by 14. */
export const OUTLINES: Readonly<Record<Making, string>> = {
  own: 'M7 2a5 5 0 1 1 0 10a5 5 0 1 1 0-10z',
  pruned: 'M7 2l5 9h-10z',
  quantised: 'M2.5 2.5h9v9h-9z',
  ternary: 'M7 1l4 6-4 6-4-6z',
  narrowed: 'M7 1.5l4.8 2.8v5.4l-4.8 2.8-4.8-2.8v-5.4z',
  copied_layers: 'M5.2 1.6h3.6v3.6h3.6v3.6h-3.6v3.6h-3.6v-3.6h-3.6v-3.6h3.6z',
  thin: 'M5.6 13v-4.6l-4-2.3 1.4-2.4 4 2.3 4-2.3 1.4 2.4-4 2.3v4.6z',
  shared: 'M2 3h10l-5 9z',
  several: 'M7 .8l1.6 4.4h4.6l-3.7 2.8 1.4 4.4-3.9-2.7-3.9 2.7 1.4-4.4-3.7-2.8h4.6z',
};
