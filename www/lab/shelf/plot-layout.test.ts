import { expect, test } from 'vitest';
import type { ShelfModel } from '../../model/shelf';
import { axesOf, labelsOf, nearest, spotOf } from './plot-layout';

const FRAME = { width: 300, height: 200, marginLeft: 40, marginRight: 20, marginTop: 20, marginBottom: 30 };

test('a decade is as wide as the next, fewer errors lie lower, and none lies lowest', () => {
  const axes = axesOf([1_000, 100_000], [0, 100]);
  const [small, middle, large] = [1_000, 10_000, 100_000].map((size) => spotOf(size, 10, axes, FRAME).x);
  expect(middle! - small!).toBeCloseTo(large! - middle!, 9);
  const heights = [100, 10, 1, 0].map((errors) => spotOf(1_000, errors, axes, FRAME).y);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
  for (const y of heights) expect(y > FRAME.marginTop && y < FRAME.height - FRAME.marginBottom).toBe(true);
});

test('a pointer finds the mark nearest to it, and none that is far', () => {
  const spots = [
    { name: 'a', x: 10, y: 10 },
    { name: 'b', x: 20, y: 10 },
  ];
  expect(nearest(spots, { x: 14, y: 12 }, 20)?.name).toBe('a');
  expect(nearest(spots, { x: 17, y: 12 }, 20)?.name).toBe('b');
  expect(nearest(spots, { x: 60, y: 60 }, 20)).toBeNull();
});

test('names stand beside their marks, none on a mark, on a name or outside, and the later go without', () => {
  const spot = (name: string, x: number, y: number) => ({ model: { name } as ShelfModel, x, y });
  const text = ({ name }: ShelfModel) => name;
  const alone = labelsOf([spot('pruned', 100, 100)], text, FRAME);
  expect(alone).toEqual([{ model: { name: 'pruned' }, text: 'pruned', dx: 8, dy: -10, anchor: 'start' }]);
  const atEdge = labelsOf([spot('quantised', 280, 100)], text, FRAME);
  expect(atEdge[0]?.anchor).toBe('end');
  const close = Array.from({ length: 9 }, (_, i) =>
    spot(`model-${i}`, 150 + 6 * (i % 3), 100 + 6 * Math.floor(i / 3)),
  );
  const labels = labelsOf(close, text, FRAME);
  expect(labels.length).toBeGreaterThan(0);
  expect(labels.length).toBeLessThan(9);
  expect(labels[0]?.text).toBe('model-0');
});
