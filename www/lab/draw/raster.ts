/**
 * Strokes as grey values. They are worked out here and then painted, never read back from the canvas: browsers that guard
 * against fingerprinting (Brave, Firefox's resistFingerprinting) change what `getImageData` answers, by a few levels or
 * altogether, and each browser softens edges in its own way. So what is seen is what the networks get, and the same everywhere.
 */

import { PAD_SIDE, type Point, type Stroke } from './drawing';

/** The pad's grey values, 0 (paper) to 255 (ink), row by row: as much of it as a line with round ends covers of a pixel. */
export function greyOf(strokes: readonly Stroke[]): Uint8Array {
  const grey = new Uint8Array(PAD_SIDE * PAD_SIDE);
  for (const stroke of strokes) {
    stroke.forEach((point, i) => {
      drawLine(grey, stroke[i - 1] ?? point, point);
    });
  }
  return grey;
}

/** Draws a line as wide as its second point says; a line without length is a dot. */
function drawLine(grey: Uint8Array, from: Point, to: Point): void {
  const radius = to.width / 2;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const lengthSquared = dx * dx + dy * dy;
  const first = (a: number, b: number): number => Math.max(0, Math.floor(Math.min(a, b) - radius - 1));
  const last = (a: number, b: number): number =>
    Math.min(PAD_SIDE - 1, Math.ceil(Math.max(a, b) + radius + 1));
  for (let y = first(from.y, to.y); y <= last(from.y, to.y); y += 1) {
    for (let x = first(from.x, to.x); x <= last(from.x, to.x); x += 1) {
      // From the middle of the pixel to the nearest point of the line.
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
      const share = lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / lengthSquared));
      const distance = Math.sqrt((px - share * dx) ** 2 + (py - share * dy) ** 2);
      const covered = Math.min(1, Math.max(0, radius + 0.5 - distance));
      const at = y * PAD_SIDE + x;
      grey[at] = Math.max(grey[at]!, Math.round(covered * 255));
    }
  }
}

/** Shows grey values, white ink on black. */
export function paint(context: CanvasRenderingContext2D, grey: Uint8Array): void {
  const image = context.createImageData(PAD_SIDE, PAD_SIDE);
  grey.forEach((value, i) => {
    image.data.fill(value, i * 4, i * 4 + 3);
    image.data[i * 4 + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}
