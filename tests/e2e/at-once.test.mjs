// Several things at once, and capabilities that are refused: each costs only itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch } from '../support/browsers/chromium.mjs';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { LONG, SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';
import { hold, withPage } from './support/visits.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** The page's pulse beats so many times as often, so that nobody has to wait for a silence of its length. */
const FASTER = 5;
const pulse = readFileSync(join(ROOT, 'www/engine/pulse.ts'), 'utf8');
const [beatMs, missedBeats] = ['BEAT_MS', 'MISSED_BEATS'].map((name) =>
  Number(new RegExp(`const ${name} = (\\d+);`).exec(pulse)[1]),
);
/** Longer than a silence that counts as a death. */
const BUSY_MS = 1.3 * beatMs * (missedBeats + 1);

const isWorker = (worker) => /\/worker-/.test(worker.url());

test('Promise.all([distillery.run(a), distillery.run(b)]): the first rejects as stopped, the second answers its own record', async () => {
  await onPage({ name: 'two-runs' }, async (page) => {
    await page.goto(`${site.url}#view.engine=cpu`);
    const { outcomes, alone } = await page.evaluate(async (config) => {
      const { distillery } = window;
      await distillery.ready;
      const other = { ...config, seed: 4 };
      const settled = await Promise.allSettled([distillery.run(config), distillery.run(other)]);
      return { outcomes: settled, alone: await distillery.run(other) };
    }, SHORT_CONFIG);
    assert.equal(outcomes[0].reason?.code, 'run_stopped');
    assert.equal(outcomes[1].value.config.seed, 4);
    assert.equal(outcomes[1].value.digest, alone.digest);
  });
});

test('Start, Reset while digits are still coming (train-1 to train-5 held back, 20,000 digits): Ready stays, and Stop works while a race is set up', async () => {
  await onPage({ name: 'reset-early' }, async (page) => {
    const release = await hold(page.context(), /train-[1-5]/);
    await lab.open(page, site, SHORT.replace('digits=640', 'digits=20000'));
    for (const action of ['reset', 'stop']) {
      await lab.press(page, 'start');
      await page.waitForTimeout(300);
      assert.equal(await page.locator('#race-bar').getAttribute('data-status'), 'ready');
      await lab.press(page, action);
      await lab.ready(page);
    }
    const started = page.evaluate(
      () =>
        new Promise((resolve) => {
          window.distillery.on('*', () => resolve('a race started by itself'));
          setTimeout(() => resolve('nothing started'), 4000);
        }),
    );
    release();
    assert.equal(await started, 'nothing started');
    await lab.status(page, 'ready');
  });
});

test('Start, then Reset, while a setting waits for another worker: Ready stays', async () => {
  await onPage({ name: 'early-reset' }, async (page) => {
    await lab.open(page, site, SHORT);
    // The call ends with the worker.
    page
      .workers()
      .find(isWorker)
      .evaluate(() => self.close())
      .catch(() => undefined);
    const pressed = await page.evaluate(
      async (to) => {
        location.hash = to;
        // The page hears of it, and draws its buttons anew, before a visitor could press one.
        await new Promise((heard) => addEventListener('hashchange', heard, { once: true }));
        const press = async (action) => {
          const button = document.querySelector(`[data-action="${action}"]`);
          const canAct = button.getAttribute('aria-disabled') === 'false';
          button.click();
          await new Promise(requestAnimationFrame);
          return canAct;
        };
        return [await press('start'), await press('reset')];
      },
      SHORT.replace('epochs=2', 'epochs=3'),
    );
    assert.deepEqual(pressed, [true, true]);
    await page.waitForFunction(() => window.distillery && location.hash.includes('epochs=3'));
    await lab.ready(page);
    await page.waitForTimeout(1000);
    await lab.status(page, 'ready');
  });
});

test('a hash that changes while the page loads, and two that change quickly: the last one is taken', async () => {
  await onPage({ name: 'hashes' }, async (page) => {
    const release = await hold(page.context(), /train-0/);
    await page.goto(site.url + SHORT);
    await page.locator('[data-field="seed"] input').first().waitFor({ state: 'attached' });
    await page.evaluate(() => {
      location.hash = '#recipe=first-race&seed=41&view.engine=cpu';
    });
    release();
    await lab.ready(page);
    const seed = () =>
      page.waitForFunction(() => /seed=(\d+)/.exec(location.hash)?.[1]).then((found) => found.jsonValue());
    assert.equal(await seed(), '41');
    await page.evaluate(() => {
      location.hash = '#recipe=first-race&seed=42&view.engine=cpu';
      location.hash = '#recipe=first-race&seed=43&view.engine=cpu';
    });
    await page.waitForTimeout(1000);
    assert.equal(await seed(), '43');
  });
});

test('Web Locks refused (SecurityError, as in a frame of another site without third-party storage): a killed worker is noticed by its pulse, a busy one is not taken for dead', async () => {
  await onPage({ name: 'no-locks', isNew: true }, async (page) => {
    const refuse = `Object.defineProperty(navigator, 'locks', { value: {
      request: () => Promise.reject(new DOMException('refused', 'SecurityError')),
      query: () => Promise.reject(new DOMException('refused', 'SecurityError')) } });\n`;
    await page.addInitScript(refuse);
    await page.addInitScript((times) => {
      const { setInterval } = window;
      window.setInterval = (act, ms, ...given) => setInterval(act, ms / times, ...given);
    }, FASTER);
    await page.context().route(/\/worker-[^/]*\.js/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: refuse + (await response.text()) });
    });
    await lab.open(page, site, LONG);
    await page
      .workers()
      .find(isWorker)
      .evaluate((ms) => {
        const end = performance.now() + ms;
        while (performance.now() < end);
      }, BUSY_MS / FASTER);
    await lab.race(page);
    assert.equal(await page.locator('[data-kind="restored"]').count(), 0);
    const { digest } = await lab.record(page);
    await page.evaluate(() => {
      window.distillery.on('epoch', ({ measures }) => {
        if (measures.epoch >= 1) document.body.dataset.epoch = String(measures.epoch);
      });
    });
    await lab.press(page, 'start');
    await page.locator('body[data-epoch]').waitFor();
    // The call ends with the worker.
    page
      .workers()
      .find(isWorker)
      .evaluate(() => self.close())
      .catch(() => undefined);
    await page.locator('[data-kind="restored"]').waitFor();
    await lab.status(page, 'finished');
    assert.equal((await lab.record(page)).digest, digest);
  });
});

test('a browser without WebAssembly (Lockdown Mode, Tor): a sentence of its own that says what to do', async () => {
  // Strict modes switch the compiler off, and WebAssembly with it.
  const strict = await launch({ args: ['--js-flags=--jitless'] });
  try {
    await withPage(strict, { name: 'no-webassembly' }, async (page) => {
      for (const [language, words] of [
        ['en', /WebAssembly switched off.*Allow it for this page/],
        ['zh', /此浏览器关闭了引擎所需的 WebAssembly/],
      ]) {
        await page.goto('about:blank');
        await page.goto(`${site.url}#view.lang=${language}`);
        assert.match(await page.locator('[data-kind="failure"]').first().textContent(), words);
      }
      assert.equal(
        await page.evaluate(() => window.distillery.ready.catch(({ code }) => code)),
        'no_webassembly',
      );
    });
  } finally {
    await strict.close();
  }
});
