import { expect, test, vi } from 'vitest';
import type { EngineClient, SessionEvents } from '../engine/client';
import type { Advance, Config, Event } from '../engine/generated/types';
import { Session } from '../engine/session';
import { Trainer } from './trainer.svelte';

const epoch = (number: number): Event =>
  ({ type: 'epoch', session: 1, model: 'solo', measures: { epoch: number } }) as unknown as Event;
const done: Event = { type: 'done', session: 1, comparisons: [], digest: '' };
const CONFIG = { version: 1, models: {} } as unknown as Config;

/** A session of two epochs, one a call; the worker dies once, while it is asked for what `dies` says after the last. */
function mortal(dies: 'snapshot' | 'record') {
  const state = { epochs: 0, kept: 0 };
  let session: Session | null = null;
  const die = (): void => {
    if (!session || session.lives > 1 || state.epochs < 2) return;
    state.epochs = state.kept;
    session.rewound();
  };
  const client = {
    start: async (config: Config, _: AbortSignal, events: SessionEvents) => {
      session = new Session(config, events);
      return session;
    },
    drop: vi.fn(),
    keep: async (kept: Session) => {
      if (dies === 'snapshot') die();
      state.kept = state.epochs;
      kept.keep(Uint8Array.of(state.epochs));
    },
    ofSession: async (_: Session, ask: (api: unknown) => unknown) =>
      ask({
        advance: async (): Promise<Advance> => {
          const wasDone = state.epochs === 2;
          state.epochs = Math.min(state.epochs + 1, 2);
          const finished = state.epochs === 2;
          const events = wasDone ? [] : finished ? [epoch(2), done] : [epoch(state.epochs)];
          return { events, steps_done: state.epochs, steps_total: 2, remaining_ms: null, finished };
        },
        openTest: async (before: number): Promise<Event> => ({
          ...{ type: 'test_opened', session: 1, opened: before + 1 },
          results: { models: {}, comparisons: [] },
        }),
        record: async () => {
          if (dies === 'record') die();
          return { comparisons: [], epochs: state.epochs };
        },
      }),
  };
  const events = {
    prepare: async () => undefined,
    modelsChanged: vi.fn(),
    failed: vi.fn(),
    kept: vi.fn(),
    rewound: vi.fn(),
    ended: vi.fn(),
  };
  return { events, trainer: new Trainer(client as unknown as EngineClient, events) };
}

for (const dies of ['snapshot', 'record'] as const) {
  test(`a worker that dies at the end, while its ${dies} is asked for, leaves no half record`, async () => {
    const { events, trainer } = mortal(dies);
    const told: number[] = [];
    trainer.listen((advance) =>
      told.push(...advance.events.filter(({ type }) => type === 'done').map(() => 1)),
    );
    const record = await trainer.start(CONFIG)?.record;
    expect(events.rewound).toHaveBeenCalledOnce();
    expect(trainer.state).toBe('finished');
    expect(record).toMatchObject({ epochs: 2 });
    expect(trainer.run.record).toBe(record);
    expect(trainer.run.epochs.solo?.map((measures) => measures.epoch)).toEqual([1, 2]);
    expect(trainer.run.isComplete).toBe(true);
    expect(told).toHaveLength(1);
  });
}

test('test digits are opened once a race has ended, on top of what was opened before, and stay open in another worker', async () => {
  const { trainer } = mortal('record');
  expect(await trainer.openTest(0)).toBeNull();
  await trainer.start(CONFIG)?.record;
  expect(trainer.run.test).toBeNull();
  const heard = vi.fn();
  trainer.listen(({ events }) => heard(events.map(({ type }) => type)));
  expect(await trainer.openTest(3)).toBe(4);
  expect(heard).toHaveBeenCalledExactlyOnceWith(['test_opened']);
  trainer.run.rewind();
  expect(trainer.run.testOpened).toBe(4);
  expect(trainer.run.test).toEqual({ models: {}, comparisons: [] });
});

test('a listener that throws is told to the console and harms neither the race nor other listeners', async () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const { trainer } = mortal('record');
  const heard = vi.fn();
  trainer.listen(() => {
    throw new Error('made by the test');
  });
  trainer.listen(heard);
  await trainer.start(CONFIG)?.record;
  vi.unstubAllGlobals();
  expect(report).toHaveBeenCalled();
  expect(heard).toHaveBeenCalled();
});
