import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Connection } from './connection';
import { FIRST_WORD_MS, workerLine } from './worker-line';

/** A worker that was killed before it ran a line: it takes messages, and neither answers nor sends an event. */
class Silent extends EventTarget {
  static terminated = 0;
  postMessage(): void {}
  terminate(): void {
    Silent.terminated += 1;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', Silent);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a worker that dies before its first word is told dead, not waited for', async () => {
  const connection = new Connection(workerLine());
  const watched = connection.watch();
  const fate = expect(watched).rejects.toMatchObject({ code: 'worker_died' });
  await vi.advanceTimersByTimeAsync(FIRST_WORD_MS - 1);
  expect(Silent.terminated).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  await fate;
  expect(Silent.terminated).toBe(1);
});

test('a worker that is closed while it starts is closed, not dead', async () => {
  const connection = new Connection(workerLine());
  const watched = connection.watch();
  connection.close();
  await expect(watched).rejects.toMatchObject({ code: 'worker_closed' });
  await vi.advanceTimersByTimeAsync(2 * FIRST_WORD_MS);
  await expect(connection.call((api) => api.memory())).rejects.toMatchObject({ code: 'worker_closed' });
});
