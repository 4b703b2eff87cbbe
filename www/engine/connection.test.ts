import type { Remote } from 'comlink';
import { expect, test, vi } from 'vitest';
import { Connection, type Line } from './connection';
import type { WorkerApi } from './messages';
import { whileWanted } from './wanted';

/** A worker that never answers. */
function silent() {
  let died: (why: string) => void = () => undefined;
  const terminate = vi.fn();
  const line: Line = {
    remote: { memory: () => new Promise(() => undefined) } as unknown as Remote<WorkerApi>,
    onDeath: (callback) => {
      died = callback;
    },
    watch: () => new Promise(() => undefined),
    terminate,
  };
  return { connection: new Connection(line), die: () => died('killed'), terminate };
}

test('a worker that is closed rejects what waits for it, and every later call', async () => {
  const { connection, terminate } = silent();
  const waiting = [connection.call((api) => api.memory()), connection.watch()];
  connection.close();
  for (const call of waiting) await expect(call).rejects.toMatchObject({ code: 'worker_closed' });
  await expect(connection.call((api) => api.memory())).rejects.toMatchObject({ code: 'worker_closed' });
  expect(terminate).toHaveBeenCalled();
});

test('a worker that dies rejects what waits for it with what it died of; closing it later changes nothing', async () => {
  const { connection, die } = silent();
  const waiting = connection.call((api) => api.memory());
  die();
  connection.close();
  await expect(waiting).rejects.toMatchObject({ code: 'worker_died', message: 'killed' });
  await expect(connection.call((api) => api.memory())).rejects.toMatchObject({ code: 'worker_died' });
});

test('work that is called off rejects at once, even if it never settles', async () => {
  const controller = new AbortController();
  const waiting = whileWanted(controller.signal, new Promise(() => undefined));
  controller.abort({ code: 'run_stopped', message: '', problems: [] });
  await expect(waiting).rejects.toMatchObject({ code: 'run_stopped' });
  await expect(whileWanted(controller.signal, Promise.resolve(1))).rejects.toMatchObject({
    code: 'run_stopped',
  });
});
