/**
 * Thousands of orders of what can happen to the page at once: presses, hashes, engines, digits that come late, workers and
 * GPUs that die. After each no run is lost, none is mixed up with another, none begins without a press, and Stop and Reset
 * act at once. `ORDERS=50000` walks more of them, `ORDERS_SEED` the ones of a failure that was printed.
 */

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toFailure } from '../engine/failure';
import type { Record as RunRecord } from '../engine/generated/types';
import type { EngineChoice } from '../model/view';
import type { Run } from './run.svelte';
import { Store } from './store.svelte';
import { configOf, digestOf, EPOCHS, STEPS, seedOf, settled, Workshop } from './testing/workshop';

const ORDERS = Number(process.env.ORDERS ?? 2000);
/** What a walk may take where many others want the machine; alone it takes 4 ms. One that hangs is told by its turns. */
const MOST_MS = 100;

/** What the visitor has asked for, as far as it binds the page. */
interface Wish {
  /** Seeds of configs for which Start, Step or `run` was asked since the last Reset. */
  pressed: Set<number>;
  /** Whether a race may be under way: not after Reset, nor after a hash, until the next press. */
  mayRun: boolean;
  /** Runs for which Stop was pressed. */
  stopped: Set<Run>;
  /** The seed of the last hash. */
  hashSeed: number;
  own: Uint8Array<ArrayBuffer> | null;
}

interface Asked {
  readonly seed: number;
  outcome: 'pending' | { record: RunRecord } | { code: string };
}

class Page {
  readonly workshop = new Workshop();
  readonly store = new Store('http://localhost/', this.workshop.connect);
  readonly asked: Asked[] = [];

  ask(seed: number): void {
    const asked: Asked = { seed, outcome: 'pending' };
    this.asked.push(asked);
    this.store.runConfig(configOf(seed)).then(
      (record) => {
        asked.outcome = { record };
      },
      (thrown: unknown) => {
        asked.outcome = { code: toFailure(thrown).code };
      },
    );
  }

  get seedOnShow(): number {
    return seedOf(this.store.experiment.config);
  }
}

/** A worker that died or a GPU that was lost is replaced: no race ends by that alone. */
const CODES = ['run_stopped', 'engine_lost', 'failed_to_load'];

/** What is wrong at this moment, whatever is under way; empty when all is well. */
function wrong(wish: Wish, page: Page): string {
  const { trainer } = page.store;
  const { kind } = trainer.status;
  if (!wish.mayRun && kind !== 'ready') return `a race began without a press: ${kind}`;
  if (wish.stopped.has(trainer.run) && !['stopping', 'finished', 'failed'].includes(kind)) {
    return `a race goes on after Stop: ${kind}`;
  }
  if (trainer.status.kind === 'failed' && trainer.status.failure.code === 'run_stopped')
    return 'a race was lost';
  if (!trainer.config) return '';
  const seed = seedOf(trainer.config);
  if (!wish.pressed.has(seed)) return `a race of a config that nobody started: ${seed}`;
  const { losses, epochs, record } = trainer.run;
  const isInOrder = (losses.solo ?? []).every(
    ({ total, epoch }, at) => total === seed && epoch === ((at + 1) * EPOCHS) / STEPS,
  );
  if (!isInOrder) return `steps of another race, or some twice or missing: ${JSON.stringify(losses.solo)}`;
  if (!(epochs.solo ?? []).every(({ epoch }, at) => epoch === at + 1)) return 'epochs twice or missing';
  return record && !record.digest.startsWith(`seed ${seed},`)
    ? `a record of another run: ${record.digest}`
    : '';
}

/** What is wrong with the answers that `run` has given. */
function wrongAnswer({ seed, outcome }: Asked): string {
  if (outcome === 'pending') return '';
  if ('code' in outcome) return CODES.includes(outcome.code) ? '' : `${seed}: ${outcome.code}`;
  return outcome.record.digest === digestOf(seed) ? '' : `${seed}: the record of another run`;
}

function check(wish: Wish, page: Page): void {
  const found = wrong(wish, page);
  if (found !== '') expect.unreachable(found);
}

/** What holds once everything has come: no run is lost, and nothing is stuck. */
async function checkAtRest(wish: Wish, page: Page): Promise<void> {
  const { store, workshop } = page;
  const { trainer } = store;
  await workshop.comeToRest();
  check(wish, page);
  expect(page.asked.map(wrongAnswer).filter((found) => found !== '')).toEqual([]);
  expect(['yes', 'failed']).toContain(store.loaded);
  expect(store.engine.changing, 'an engine is changed for ever').toBe(false);
  const { status } = trainer;
  expect(['ready', 'paused', 'finished', 'failed']).toContain(status.kind);
  if (status.kind === 'failed') {
    const { code } = status.failure;
    // Three deaths without a finished epoch between, or an engine that could not be opened.
    expect(workshop.faults, code).toBeGreaterThanOrEqual(code === 'engine_lost' ? 3 : 1);
    expect(['engine_lost', 'failed_to_load']).toContain(code);
  }
  if (status.kind === 'finished' && !wish.stopped.has(trainer.run)) {
    expect(trainer.run.record?.digest).toBe(digestOf(seedOf(trainer.config)));
  }
  const open = page.asked.filter(({ outcome }) => outcome === 'pending');
  if (status.kind !== 'paused') expect(open, 'a run that never answers').toEqual([]);
}

/** Whatever has happened: Retry, an engine's choice and Start work after it. */
async function checkThatStartWorks(wish: Wish, page: Page): Promise<void> {
  const { store, workshop } = page;
  if (store.loaded === 'failed') {
    store.open('').catch(() => undefined);
    await workshop.comeToRest();
  }
  expect(store.loaded).toBe('yes');
  store.trainer.reset();
  expect(store.status).toBe('ready');
  void store.chooseEngine('cpu');
  await workshop.comeToRest();
  expect([store.engine.status.kind, store.engine.running]).toEqual(['open', 'cpu']);
  page.ask(9);
  await workshop.comeToRest();
  expect(page.asked.at(-1)?.outcome).toMatchObject({ record: { digest: digestOf(9) } });
  expect(store.trainer.run.losses.solo).toHaveLength(STEPS);
  expect(workshop.inUse('cpu')?.own ?? null, 'own pictures were lost').toBe(wish.own);
  expect(workshop.living.length, 'workers that nobody needs').toBeLessThanOrEqual(2);
}

type Command = fc.AsyncCommand<Wish, Page>;

/** A command that anyone may give at any time. */
function command(name: string, act: (wish: Wish, page: Page) => void): Command {
  return {
    check: () => true,
    async run(wish, page) {
      act(wish, page);
      check(wish, page);
      await settled();
      check(wish, page);
    },
    toString: () => name,
  };
}

/** A press that may begin a race; one that is not taken changes nothing that was asked for. */
function begins(wish: Wish, page: Page): void {
  if (page.store.loaded !== 'yes') return;
  wish.mayRun = true;
  // A hash that has not been taken yet is what a race will be of.
  wish.pressed.add(page.seedOnShow).add(wish.hashSeed);
}

function forgets(wish: Wish): void {
  wish.mayRun = false;
  wish.pressed.clear();
}

const PRESSES = {
  start: (wish, page) => {
    begins(wish, page);
    void page.store.start();
  },
  step: (wish, page) => {
    begins(wish, page);
    void page.store.step();
  },
  pause: (_, page) => page.store.trainer.pause(),
  resume: (_, page) => page.store.trainer.resume(),
  stop: (wish, page) => {
    const { run } = page.store.trainer;
    page.store.trainer.stop();
    if (page.store.trainer.status.kind === 'ready') wish.mayRun = false;
    else wish.stopped.add(run);
  },
  reset: (wish, page) => {
    forgets(wish);
    page.store.trainer.reset();
  },
} satisfies Record<string, (wish: Wish, page: Page) => void>;

const FAULTS = {
  'a worker dies': (_, page) => page.workshop.living.at(-1)?.kill(),
  'the first worker dies': (_, page) => page.workshop.living[0]?.kill(),
  'an engine crashes': (_, page) => page.workshop.living.at(-1)?.breakDown('engine_crashed'),
  'the GPU is lost': (_, page) => {
    for (const worker of page.workshop.living) if (worker.engine === 'webgpu') worker.breakDown('gpu_lost');
  },
  'the next engine fails to open': (_, page) => {
    page.workshop.failingOpenings += 1;
  },
  'there is no GPU': (_, page) => {
    page.workshop.hasGpu = false;
  },
  'digits are late': (_, page) => {
    page.workshop.areDigitsHeld = true;
  },
  'digits come': (_, page) => {
    page.workshop.areDigitsHeld = false;
  },
} satisfies Record<string, (wish: Wish, page: Page) => void>;

const named = (acts: Record<string, (wish: Wish, page: Page) => void>) =>
  fc.constantFrom(...Object.entries(acts).map(([name, act]) => command(name, act)));

const answers = fc.nat({ max: 12 }).map(
  (at): Command => ({
    check: () => true,
    async run(wish, page) {
      await page.workshop.letGo(at);
      check(wish, page);
    },
    toString: () => `answer ${at}`,
  }),
);
const several = fc.integer({ min: 2, max: 25 }).map(
  (count): Command => ({
    check: () => true,
    async run(wish, page) {
      for (let answer = 0; answer < count; answer += 1) {
        await page.workshop.letGo(0);
        check(wish, page);
      }
    },
    toString: () => `${count} answers`,
  }),
);
const runs = fc.integer({ min: 2, max: 4 }).map((seed) =>
  command(`run(${seed})`, (wish, page) => {
    if (page.store.loaded !== 'yes') return;
    wish.mayRun = true;
    wish.pressed.add(seed);
    page.ask(seed);
  }),
);
const hashes = fc.integer({ min: 5, max: 7 }).map((seed) =>
  command(`#seed=${seed}`, (wish, page) => {
    if (page.store.loaded === 'yes') forgets(wish);
    wish.hashSeed = seed;
    void page.store.takeHash(`#seed=${seed}`);
  }),
);
const choices = fc.constantFrom<EngineChoice>('auto', 'cpu', 'webgpu').map((choice) =>
  command(`engine ${choice}`, (_, page) => {
    if (page.store.loaded === 'yes') void page.store.chooseEngine(choice);
  }),
);
const pictures = fc.constant(
  command('own pictures', (wish, page) => {
    if (page.store.loaded !== 'yes') return;
    forgets(wish);
    const images = Uint8Array.of(1, 2, 3);
    page.store.own.add('own', images, images).then(
      () => {
        wish.own = images;
      },
      () => undefined,
    );
  }),
);

const EVENTS = [
  named(PRESSES),
  named(PRESSES),
  named(FAULTS),
  answers,
  several,
  several,
  runs,
  hashes,
  choices,
  pictures,
];

const unhandled: unknown[] = [];
const hear = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', hear));
afterAll(() => void process.off('unhandledRejection', hear));

test(`${ORDERS} orders of presses, runs, hashes, engine choices, late digits and deaths: no run lost, none mixed up, no start without a press, Stop and Reset always act`, {
  timeout: MOST_MS * ORDERS + 60_000,
}, async () => {
  const seed = process.env.ORDERS_SEED ? Number(process.env.ORDERS_SEED) : undefined;
  await fc.assert(
    fc.asyncProperty(
      fc.commands(EVENTS, { maxCommands: 30, size: 'max' }),
      fc.nat({ max: 3 }),
      async (commands, early) => {
        const page = new Page();
        const wish: Wish = { pressed: new Set(), mayRun: false, stopped: new Set(), hashSeed: 1, own: null };
        void page.store.open('#seed=1').catch(() => undefined);
        // Most orders begin with a page that stands, one in four while it loads.
        if (early > 0) await page.workshop.comeToRest();
        await fc.asyncModelRun(() => ({ model: wish, real: page }), commands);
        await checkAtRest(wish, page);
        await checkThatStartWorks(wish, page);
        expect(unhandled, 'a promise that nobody handles').toEqual([]);
      },
    ),
    { numRuns: ORDERS, ...(seed === undefined ? {} : { seed }), endOnFailure: false },
  );
});
