import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from './pace';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A page on which a frame takes so long. */
const drawing = (ms: number) => new Pace((done) => setTimeout(done, ms));

test('drawing has a sixth of the time', () => {
  const pace = drawing(20);
  expect(pace.isDue).toBe(true);
  pace.begin();
  vi.advanceTimersByTime(119);
  expect(pace.isDue).toBe(false);
  vi.advanceTimersByTime(1);
  expect(pace.isDue).toBe(true);
});

test('a page that draws slowly, or not at all since it is hidden, is told of the race all the same', () => {
  for (const pace of [drawing(500), new Pace(() => undefined)]) {
    pace.begin();
    vi.advanceTimersByTime(599);
    expect(pace.isDue).toBe(false);
    vi.advanceTimersByTime(1);
    expect(pace.isDue).toBe(true);
  }
});

test('where nothing is drawn nothing waits', () => {
  const pace = new Pace();
  pace.begin();
  expect(pace.isDue).toBe(true);
});

test('a frame that is late does not move what has begun after it', () => {
  const frames: (() => void)[] = [];
  const pace = new Pace((done) => frames.push(done));
  pace.begin();
  vi.advanceTimersByTime(600);
  pace.begin();
  vi.advanceTimersByTime(10);
  frames[0]?.();
  vi.advanceTimersByTime(300);
  expect(pace.isDue).toBe(false);
  frames[1]?.();
  vi.advanceTimersByTime(290);
  expect(pace.isDue).toBe(true);
});
