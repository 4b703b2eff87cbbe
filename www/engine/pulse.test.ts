import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BEAT_MS, MISSED_BEATS, Pulse } from './pulse';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A port whose other end answers, for as long as it is `alive`. */
function port(alive: () => boolean) {
  const made = {
    onmessage: null as (() => void) | null,
    postMessage: () => {
      if (alive()) made.onmessage?.();
    },
    close: vi.fn(),
  };
  return made as unknown as MessagePort;
}

test('a pulse that stops is missed after a few beats, and told once', () => {
  let alive = true;
  const stopped = vi.fn();
  new Pulse(
    port(() => alive),
    stopped,
  );
  vi.advanceTimersByTime(100 * BEAT_MS);
  expect(stopped).not.toHaveBeenCalled();
  alive = false;
  vi.advanceTimersByTime(MISSED_BEATS * BEAT_MS);
  expect(stopped).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10 * BEAT_MS);
  expect(stopped).toHaveBeenCalledOnce();
});

test('a helper that never beat, since it could not be loaded, is not missed', () => {
  const stopped = vi.fn();
  new Pulse(
    port(() => false),
    stopped,
  );
  vi.advanceTimersByTime(1000 * BEAT_MS);
  expect(stopped).not.toHaveBeenCalled();
});
