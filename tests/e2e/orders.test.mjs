// Two dozen random orders of what can happen at once, on a real page with a small real race: presses, hashes, engines, late
// digits, killed workers. After each no run is lost, none is mixed up, none begins without a press, and Stop and Reset act.
// SEED=… walks the orders of a failure again, ORDERS=… more of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';

const ORDERS = Number(process.env.ORDERS ?? 24);
const SEED = Number(process.env.SEED ?? 20);
/** An order may wait for new workers, and one that is killed before its first word is missed after 20 s. */
const REST_MS = 60_000;

const hash = (seed) =>
  `#recipe=first-race&data.evaluate_on="test"&seed=${seed}&transfer_set.digits=256&training.epochs=3&training.batch_size=64&data.evaluated=200&view.engine=cpu`;

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const click = (page, action) =>
  page.evaluate((name) => document.querySelector(`[data-action="${name}"]`).click(), action);
const status = (page) => page.locator('#race-bar').getAttribute('data-status');

/** Events of a visitor and of fate. Each answers what it means for `wish`: whether a race may be under way. */
const EVENTS = {
  start: async ({ page, wish }) => {
    wish.mayRun = true;
    await click(page, 'start');
  },
  step: async ({ page, wish }) => {
    wish.mayRun = true;
    await click(page, 'step');
  },
  pause: ({ page }) => click(page, 'pause'),
  stop: async ({ page }) => {
    await click(page, 'stop');
    await page.waitForFunction(
      () => !['paused'].includes(document.querySelector('#race-bar').dataset.status),
    );
  },
  reset: async ({ page, wish }) => {
    wish.mayRun = false;
    const shown = await page.evaluate(async () => {
      document.querySelector('[data-action="reset"]').click();
      await new Promise(requestAnimationFrame);
      return document.querySelector('#race-bar').dataset.status;
    });
    assert.equal(shown, 'ready', 'Reset did not act at once');
  },
  run: async ({ page, wish }) => {
    wish.mayRun = true;
    wish.runs += 1;
    await page.evaluate((seed) => window.orders.run(seed), 100 + wish.runs);
  },
  hash: async ({ page, wish }) => {
    wish.mayRun = false;
    wish.seed += 1;
    await page.evaluate((to) => {
      location.hash = to;
    }, hash(wish.seed));
  },
  engine: ({ page }) =>
    page.evaluate(() => {
      const choices = [...document.querySelectorAll('input[name="engine"]')];
      choices.find(({ checked }) => !checked)?.click();
    }),
  'a worker is killed': async ({ page, wish }) => {
    const worker = page.workers().find((candidate) => /\/worker-/.test(candidate.url()));
    wish.deaths += 1;
    // The call ends with the worker.
    worker?.evaluate(() => self.close()).catch(() => undefined);
  },
  'digits are late': async ({ late }) => late.hold(),
  'digits come': async ({ late }) => late.release(),
  'a moment': ({ page }) => page.waitForTimeout(60),
  'a while': ({ page }) => page.waitForTimeout(300),
};

/** Digits beyond the first come when they are let. */
async function lateDigits(context) {
  let waiting = [];
  let isHeld = false;
  const release = () => {
    isHeld = false;
    for (const go of waiting) go();
    waiting = [];
  };
  await context.route(/\/(train-[1-5]|test-1)/, async (route) => {
    if (isHeld) await new Promise((go) => waiting.push(go));
    await route.continue().catch(() => undefined);
  });
  const hold = () => {
    isHeld = true;
  };
  return { hold, release };
}

/** Runs a config by the page's API and notes what comes of it. */
function prepare() {
  const outcomes = [];
  window.orders = {
    outcomes,
    run(seed) {
      const config = {
        version: 1,
        seed,
        data: { evaluated: 200 },
        transfer_set: { digits: 256 },
        training: { epochs: 2, batch_size: 64 },
        models: { solo: { net: { mlp: { hidden: [16] } } } },
      };
      const outcome = { seed, settled: false };
      outcomes.push(outcome);
      window.distillery.run(config).then(
        (record) => Object.assign(outcome, { settled: true, answered: record.config.seed }),
        ({ code }) => Object.assign(outcome, { settled: true, code }),
      );
    },
  };
}

async function check({ page, wish, late }) {
  late.release();
  await page.waitForFunction(
    () => {
      const { status } = document.querySelector('#race-bar').dataset;
      const start = document.querySelector('[data-action="start"]');
      if (start.getAttribute('aria-disabled') === 'true') return false;
      // A run may still be on its way to its race.
      return (
        status === 'paused' ||
        (status !== 'running' && window.orders.outcomes.every(({ settled }) => settled))
      );
    },
    undefined,
    { timeout: REST_MS },
  );
  const now = await status(page);
  if (!wish.mayRun) assert.equal(now, 'ready', 'a race began without a press');
  // A session whose workers die again and again without a finished epoch between is given up, by name.
  const mayBeLost = wish.deaths > 2;
  if (!mayBeLost) assert.notEqual(now, 'failed');
  const outcomes = await page.evaluate(() => window.orders.outcomes);
  for (const { seed, settled, answered, code } of outcomes) {
    if (answered !== undefined) assert.equal(answered, seed, 'the record of another run');
    else if (settled && !mayBeLost) assert.equal(code, 'run_stopped');
  }
  if (now === 'finished') {
    const { config, models } = await lab.record(page);
    for (const { epochs } of Object.values(models)) {
      const numbers = epochs.map(({ epoch }) => epoch).filter((epoch) => epoch > 0);
      assert.deepEqual(
        numbers,
        numbers.map((_, at) => at + 1),
        `epochs of seed ${config.seed}`,
      );
    }
  }
}

test(`${ORDERS} random orders of events in Chromium: no run lost, none mixed up, no start without a press, Stop and Reset always act`, async () => {
  await onPage({ name: 'orders' }, async (page) => {
    const late = await lateDigits(page.context());
    await page.addInitScript(prepare);
    await lab.open(page, site, hash(1));
    const orders = fc.sample(
      fc.array(fc.constantFrom(...Object.keys(EVENTS)), { minLength: 4, maxLength: 9 }),
      { numRuns: ORDERS, seed: SEED },
    );
    const wish = { mayRun: false, runs: 0, seed: 1, deaths: 0 };
    for (const [at, order] of orders.entries()) {
      wish.deaths = 0;
      try {
        for (const event of order) await EVENTS[event]({ page, wish, late });
        await check({ page, wish, late });
        await EVENTS.reset({ page, wish, late });
        await lab.ready(page);
      } catch (thrown) {
        throw new Error(`SEED=${SEED}, order ${at}: ${order.join(', ')}: ${thrown.message}`, {
          cause: thrown,
        });
      }
    }
    await EVENTS.hash({ page, wish, late });
    await page.waitForFunction((seed) => location.hash.includes(`seed=${seed}&`), wish.seed);
    await lab.race(page, REST_MS);
    const { digest } = await lab.record(page);
    // After all of that a race is what it is on a fresh page.
    await page.goto('about:blank');
    await lab.open(page, site, hash(wish.seed));
    await lab.race(page, REST_MS);
    assert.equal((await lab.record(page)).digest, digest);
  });
});
