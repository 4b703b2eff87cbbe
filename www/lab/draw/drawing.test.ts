import { describe, expect, it } from 'vitest';

import { PAD_SIDE, pointAt, STROKE_WIDTH, withPoint } from './drawing';

describe('drawing', () => {
  it('keeps points on the pad', () => {
    expect(pointAt(-5, PAD_SIDE + 40, null)).toEqual({ x: 0, y: PAD_SIDE, width: STROKE_WIDTH });
  });

  it('draws thicker under more pressure', () => {
    expect(pointAt(0, 0, 1).width).toBeGreaterThan(pointAt(0, 0, 0.2).width);
  });

  it('begins strokes and goes on with the last, leaving the drawing before as it was', () => {
    const a = pointAt(1, 1, null);
    const b = pointAt(2, 2, null);
    const one = withPoint([], a, true);
    const two = withPoint(one, b, false);
    expect(two).toEqual([[a, b]]);
    expect(one).toEqual([[a]]);
    expect(withPoint(two, a, true)).toEqual([[a, b], [a]]);
    expect(withPoint([], a, false)).toEqual([[a]]);
  });
});
