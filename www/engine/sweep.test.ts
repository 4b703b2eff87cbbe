import { expect, test } from 'vitest';
import { configOf, digestOf, settled, Workshop } from '../state/testing/workshop';
import { EngineClient } from './client';
import type { Cell, Config } from './generated/types';
import { SweepRunner } from './sweep';

const DEAF = { notice: () => undefined, replaced: () => undefined, lost: () => undefined };
const cellOf = (seed: number): Cell =>
  ({ config: configOf(seed) as Config, fields: {}, seed, name: `cell ${seed}` }) as unknown as Cell;

/** A sweep on engines of a workshop, of these seeds. */
function sweep(workers: number, ...seeds: number[]) {
  const workshop = new Workshop();
  const finished: string[] = [];
  const failed: string[] = [];
  const runner = new SweepRunner(
    'http://localhost/',
    { own: new Map(), teachers: new Map() },
    [],
    {
      memory: () => undefined,
      begun: () => undefined,
      progress: () => undefined,
      finished: (_, { digest }) => finished.push(digest),
      failed: (_, { code }) => failed.push(code),
    },
    (base) => new EngineClient(base, DEAF, workshop.connect),
  );
  const outcome = { is: 'pending' };
  const running = runner.run(seeds.map(cellOf), workers).then(
    () => (outcome.is = 'over'),
    ({ code }) => (outcome.is = code),
  );
  return { workshop, finished, failed, runner, outcome, running };
}

test('every cell has its own record, on one engine or several', async () => {
  const { workshop, finished, outcome } = sweep(2, 1, 2, 3);
  await workshop.comeToRest();
  expect(outcome.is).toBe('over');
  expect(finished.toSorted()).toEqual([1, 2, 3].map(digestOf));
  expect(workshop.living).toEqual([]);
});

test('a worker that dies at any moment of a sweep leaves no half record and loses no cell', async () => {
  for (let moment = 0; moment < 40; moment += 1) {
    const { workshop, finished, failed, outcome } = sweep(1, 1, 2);
    for (let answer = 0; answer < moment; answer += 1) await workshop.letGo(0);
    workshop.living.at(-1)?.kill();
    await workshop.comeToRest();
    // An engine that died before it had opened is one that could not be opened.
    if (outcome.is !== 'over') expect(finished).toEqual([]);
    else expect([finished.toSorted(), failed]).toEqual([[1, 2].map(digestOf), []]);
  }
});

test('Stop while the engines of a sweep still open acts at once, and leaves no worker behind', async () => {
  for (let moment = 0; moment < 6; moment += 1) {
    const { workshop, finished, runner, outcome } = sweep(2, 1, 2);
    for (let answer = 0; answer < moment; answer += 1) await workshop.letGo(0);
    runner.stop();
    await settled();
    expect(outcome.is).toBe('over');
    expect(workshop.living).toEqual([]);
    expect(finished).toEqual([]);
  }
});

test('a cell that ends its engine again and again fails, and the others go on', async () => {
  const { workshop, finished, failed, outcome } = sweep(1, 1, 2);
  const hasSession = (): boolean => (workshop.living.at(-1)?.session ?? null) !== null;
  for (let crash = 0; crash < 3; crash += 1) {
    while (!hasSession()) await workshop.letGo(0);
    workshop.living.at(-1)?.breakDown('engine_crashed');
    while (hasSession()) await workshop.letGo(0);
  }
  await workshop.comeToRest();
  expect(outcome.is).toBe('over');
  expect(failed).toEqual(['engine_lost']);
  expect(finished).toEqual([digestOf(2)]);
});
