import { expect, test, vi } from 'vitest';
import type { EngineClient } from '../engine/client';
import type { Advance, Config, Event } from '../engine/generated/types';
import { Trainer } from './trainer.svelte';

const epoch = (number: number): Event =>
  ({ type: 'epoch', session: 1, model: 'solo', measures: { epoch: number } }) as unknown as Event;
const done: Event = { type: 'done', session: 1, comparisons: [], digest: '' };

/** A session of two epochs, one a call; the worker dies once, while it is asked for what `dies` says after the last. */
function mortal(dies: 'snapshot' | 'record') {
  const session = { epochs: 0, kept: 0 };
  let trainer: Trainer;
  const client = {
    lives: 1,
    start: async () => undefined,
    die() {
      if (client.lives > 1 || session.epochs < 2) return;
      client.lives += 1;
      session.epochs = session.kept;
      trainer.rewind();
    },
    keep: async () => {
      if (dies === 'snapshot') client.die();
      session.kept = session.epochs;
    },
    call: async (ask: (api: unknown) => unknown) =>
      ask({
        advance: async (): Promise<Advance> => {
          const wasDone = session.epochs === 2;
          session.epochs = Math.min(session.epochs + 1, 2);
          const finished = session.epochs === 2;
          const events = wasDone ? [] : finished ? [epoch(2), done] : [epoch(session.epochs)];
          return { events, steps_done: session.epochs, steps_total: 2, finished };
        },
        record: async () => {
          if (dies === 'record') client.die();
          return { comparisons: [], epochs: session.epochs };
        },
      }),
  };
  trainer = new Trainer(client as unknown as EngineClient, { modelsChanged: vi.fn(), failed: vi.fn() });
  return { client, trainer };
}

for (const dies of ['snapshot', 'record'] as const) {
  test(`a worker that dies at the end, while its ${dies} is asked for, leaves no half record`, async () => {
    const { client, trainer } = mortal(dies);
    const told: number[] = [];
    trainer.listen(({ events }) => told.push(...events.filter(({ type }) => type === 'done').map(() => 1)));
    await trainer.start({ version: 1, models: {} } as unknown as Config);
    await trainer.ended();
    expect(client.lives).toBe(2);
    expect(trainer.state).toBe('finished');
    expect(trainer.run.record).toMatchObject({ epochs: 2 });
    expect(trainer.run.epochs.solo?.map((measures) => measures.epoch)).toEqual([1, 2]);
    expect(trainer.run.isComplete).toBe(true);
    expect(told).toHaveLength(1);
  });
}
