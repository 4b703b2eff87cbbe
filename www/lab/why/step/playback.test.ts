import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Playback } from './playback.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('plays to the last stage and stops there', () => {
  const playback = new Playback(3, 1000);
  playback.play();
  expect([playback.stage, playback.isPlaying]).toEqual([0, true]);
  vi.advanceTimersByTime(1000);
  expect([playback.stage, playback.isPlaying]).toEqual([1, true]);
  vi.advanceTimersByTime(1000);
  expect([playback.stage, playback.isPlaying]).toEqual([2, false]);
  vi.advanceTimersByTime(5000);
  expect(playback.stage).toBe(2);
  playback.play();
  expect([playback.stage, playback.isPlaying]).toEqual([0, true]);
});

it('stays where somebody went, and begins anew at request', () => {
  const playback = new Playback(6, 1000);
  playback.play();
  playback.go(4);
  vi.advanceTimersByTime(5000);
  expect([playback.stage, playback.isPlaying]).toEqual([4, false]);
  playback.go(6);
  playback.go(-1);
  expect(playback.stage).toBe(4);
  playback.repeat();
  vi.advanceTimersByTime(1000);
  expect([playback.stage, playback.isPlaying]).toEqual([1, true]);
  playback.toggle();
  vi.advanceTimersByTime(5000);
  expect([playback.stage, playback.isPlaying]).toEqual([1, false]);
});
