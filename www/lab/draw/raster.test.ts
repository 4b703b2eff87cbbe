import { describe, expect, it } from 'vitest';

import { PAD_SIDE, pointAt, STROKE_WIDTH } from './drawing';
import { greyOf } from './raster';

const inkOf = (grey: Uint8Array): number => grey.reduce((sum, value) => sum + value, 0) / 255;
const at = (grey: Uint8Array, x: number, y: number): number => grey[y * PAD_SIDE + x]!;

describe('raster', () => {
  it('is paper without strokes', () => {
    expect(greyOf([]).every((value) => value === 0)).toBe(true);
  });

  it('draws a tap as a dot as wide as the pen', () => {
    const grey = greyOf([[pointAt(100, 100, null)]]);
    // π r² within half a per cent.
    const area = Math.PI * (STROKE_WIDTH / 2) ** 2;
    expect(Math.abs(inkOf(grey) / area - 1)).toBeLessThan(0.005);
    expect(at(grey, 100, 100)).toBe(255);
    expect(at(grey, 100 + STROKE_WIDTH, 100)).toBe(0);
  });

  it('draws a line with round ends, aslant as straight', () => {
    const caps = Math.PI * (STROKE_WIDTH / 2) ** 2;
    for (const [x, y] of [
      [160, 0],
      [0, 160],
      [96, 128],
    ] as const) {
      const grey = greyOf([[pointAt(60, 60, null), pointAt(60 + x, 60 + y, null)]]);
      expect(Math.abs(inkOf(grey) / (160 * STROKE_WIDTH + caps) - 1)).toBeLessThan(0.005);
    }
  });

  it('lays ink once where strokes cross, and cuts what is beyond the pad', () => {
    const across = [pointAt(20, 100, null), pointAt(200, 100, null)];
    const down = [pointAt(100, 20, null), pointAt(100, 200, null)];
    const both = greyOf([across, down]);
    expect(Math.max(...both)).toBe(255);
    expect(inkOf(both)).toBeLessThan(inkOf(greyOf([across])) + inkOf(greyOf([down])));
    const corner = greyOf([[pointAt(0, 0, null)]]);
    expect(inkOf(corner)).toBeCloseTo((Math.PI * (STROKE_WIDTH / 2) ** 2) / 4, 0);
  });

  it('draws thicker under more pressure', () => {
    expect(inkOf(greyOf([[pointAt(50, 50, 1)]]))).toBeGreaterThan(inkOf(greyOf([[pointAt(50, 50, 0.2)]])));
  });
});
