import { expect, test, vi } from 'vitest';
import type { Cell, Config, Record as RunRecord } from './generated/types';
import { SweepRunner } from './sweep';

/** The one engine of the sweep: a session of two epochs, one a call. Its worker dies once, when the record is asked for. */
const engine = vi.hoisted(() => ({ lives: 1, epochs: 0, kept: 0 }));

vi.mock('./client', () => ({
  EngineClient: class {
    get lives(): number {
      return engine.lives;
    }
    async open(): Promise<void> {}
    async start(): Promise<void> {}
    close(): void {}
    async keep(): Promise<void> {
      engine.kept = engine.epochs;
    }
    async call(ask: (api: unknown) => unknown): Promise<unknown> {
      return ask({
        loadFirst: async () => undefined,
        memory: async () => 0,
        advance: async () => {
          engine.epochs += 1;
          return {
            events: [{ type: 'epoch' }],
            steps_done: 1,
            steps_total: 2,
            finished: engine.epochs === 2,
          };
        },
        record: async () => {
          if (engine.lives === 1) {
            engine.lives += 1;
            engine.epochs = engine.kept;
          }
          return { models: {}, digest: `after epoch ${engine.epochs}` } as unknown as RunRecord;
        },
      });
    }
  },
}));

test('a worker that dies before its record was asked for leaves no half one', async () => {
  const finished: string[] = [];
  const runner = new SweepRunner('http://localhost/', new Map(), {
    memory: () => undefined,
    progress: () => undefined,
    finished: (_, record) => finished.push(record.digest),
    failed: (_, reason) => expect.unreachable(reason.message),
  });
  await runner.run([{ config: {} as Config, fields: {}, seed: 1 } as unknown as Cell], 1);
  expect(engine.lives).toBe(2);
  expect(finished).toEqual(['after epoch 2']);
});
