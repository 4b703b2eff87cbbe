// A shortened race on WebGPU, emulated by SwiftShader; and what the page says where there is none.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../support/browsers/chromium.mjs';
import * as lab from './support/page.mjs';
import { SHORT, TINY_WEBGPU } from './support/settings.mjs';
import { serve } from './support/site.mjs';
import { withPage } from './support/visits.mjs';

// SwiftShader compiles every shader on the CPU, in the self-check and again at the first step.
const PATIENCE_MS = 240_000;
// A network that tells digits apart no better than by chance gets 58 of 64 wrong; 8 steps do not teach much.
const MOST_DIFFERENCE = 2;

let site;
/** The page asks for the other engine once all digits are here. */
let whole;
before(async () => {
  [site, whole] = await Promise.all([serve({ laterDigits: false }), serve()]);
});
after(() => Promise.all([site.close(), whole.close()]));

async function inBrowser({ allowed, ...options }, body) {
  const browser = await launch(options);
  try {
    await withPage(browser, { name: options.webgpu ? 'webgpu' : 'no-webgpu', allowed }, body);
  } finally {
    await browser.close();
  }
}

const isReady = (page) =>
  page.locator('[data-action="start"][aria-disabled="false"]').waitFor({ timeout: PATIENCE_MS });

/** Races of one config on either engine end alike. */
function assertAlike(webgpu, cpu) {
  assert.equal(webgpu.environment.engine, 'webgpu');
  assert.equal(cpu.environment.engine, 'cpu');
  for (const model of ['student', 'control']) {
    const [gpu, host] = [webgpu, cpu].map((record) => record.models[model].epochs.at(-1));
    assert.equal(gpu.step, 8);
    // Adam turns the rounding of small gradients into visible steps: losses agree to a thousandth, and a few
    // digits on the border between two classes may fall on the other side.
    assert.ok(Math.abs(gpu.loss.total / host.loss.total - 1) < 1e-3, `${gpu.loss.total}, ${host.loss.total}`);
    assert.ok(Math.abs(gpu.errors - host.errors) <= MOST_DIFFERENCE, `${gpu.errors}, ${host.errors}`);
  }
  const teachers = [webgpu, cpu].map((record) => record.models.teacher.epochs[0].errors);
  assert.equal(teachers[0], teachers[1]);
}

// Compiling the shaders takes longest by far, so one visit compiles them for all of this.
test('WebGPU, from its first race to the end of its process', async (t) => {
  await inBrowser({ webgpu: true, allowed: [/gpu|device|context/i] }, async (page) => {
    await page.addInitScript(() => {
      // What the bar says while a race is made ready: the shaders that are compiled for it are counted there.
      window.preparing = new Set();
      const look = () => {
        const words = document.querySelector('#race-bar .progress span')?.textContent ?? '';
        if (/shaders/.test(words)) window.preparing.add(words);
        requestAnimationFrame(look);
      };
      look();
    });
    const menu = page.locator('details[data-engine]');
    const shadersSaid = () => page.evaluate(() => [...window.preparing]);
    const records = {};

    await t.test('a race, with the shaders counted that are compiled for it', async () => {
      await page.goto(site.url + TINY_WEBGPU);
      await isReady(page);
      assert.equal(await menu.getAttribute('data-engine'), 'webgpu');
      await lab.race(page, PATIENCE_MS);
      records.webgpu = await lab.record(page);
      assert.match((await shadersSaid()).at(-1) ?? '', /Compiling shaders for the GPU: [1-9]\d* so far/);
    });

    await t.test('the GPU process ends: the race goes on by the CPU from the last epoch', async () => {
      await page.evaluate(() => {
        window.distillery.on('epoch', ({ measures }) => {
          if (measures.epoch >= 1) document.body.dataset.epoch = String(measures.epoch);
        });
      });
      await lab.press(page, 'start');
      await page.locator('body[data-epoch="1"]').waitFor({ timeout: PATIENCE_MS });
      const devtools = await page.context().browser().newBrowserCDPSession();
      await devtools.send('Browser.crashGpuProcess').catch(() => undefined);
      await page.locator('[data-kind="restored"]').waitFor({ timeout: PATIENCE_MS });
      await lab.status(page, 'finished', PATIENCE_MS);
      const record = await lab.record(page);
      assert.equal(record.environment.engine, 'cpu');
      for (const model of ['student', 'control']) {
        const epochs = record.models[model].epochs.map(({ epoch }) => epoch);
        assert.deepEqual(epochs.slice(-2), [1, 2]);
      }
      assert.equal(await menu.getAttribute('data-engine'), 'cpu');
      assert.equal(await menu.getAttribute('data-reason'), 'gpu_lost');
    });

    await t.test('the next race runs on the CPU, and ends as on WebGPU within rounding', async () => {
      await page.evaluate(() => window.preparing.clear());
      await lab.race(page);
      records.cpu = await lab.record(page);
      assert.deepEqual(await shadersSaid(), []);
      assertAlike(records.webgpu, records.cpu);
    });

    await t.test('WebGPU can be chosen again', async () => {
      // Without a session nothing has to be compiled for it again.
      await lab.press(page, 'reset');
      await menu.locator('summary').click();
      await menu.locator('input[value="cpu"]').check();
      await page.locator('details[data-reason="chosen_by_hand"]').waitFor();
      // Whether the browser starts its GPU process again is its own affair; the choice must come to an end.
      await menu.locator('input[value="webgpu"]').check();
      await isReady(page);
      assert.equal(await page.locator('[data-kind="failure"]').count(), 0);
    });
  });
});

test('the automatic choice times this recipe on both engines, says both figures and takes the faster', async (t) => {
  await inBrowser({ webgpu: true }, async (page) => {
    await page.goto(whole.url + SHORT.replace('view.engine=cpu', 'view.engine=auto'));
    const menu = page.locator('details[data-engine]');
    await menu.locator('summary').click();
    const sentence = menu.getByText(/A step of this recipe takes/);
    await sentence.waitFor({ timeout: PATIENCE_MS });
    const [, cpu, webgpu, taken] =
      /takes ([\d.,]+) ms on the CPU and ([\d.,]+) ms on WebGPU, timed just now on this machine: (\w+) is used/.exec(
        await sentence.textContent(),
      );
    t.diagnostic(`${cpu} ms on the CPU, ${webgpu} ms on emulated WebGPU`);
    // A busy machine takes more than a thousand, which the page writes as 1,000.
    const ms = (text) => Number(text.replaceAll(',', ''));
    assert.equal(taken, ms(webgpu) < ms(cpu) ? 'WebGPU' : 'CPU');
    assert.equal(await menu.getAttribute('data-engine'), taken.toLowerCase());
    await lab.race(page, PATIENCE_MS);
    assert.equal((await lab.record(page)).environment.engine, taken.toLowerCase());
  });
});

test('without WebGPU the CPU runs, and the page says why', async () => {
  await inBrowser({ webgpu: false }, async (page) => {
    await lab.open(page, site, SHORT.replace('view.engine=cpu', 'view.engine=webgpu'));
    const menu = page.locator('details[data-engine]');
    assert.equal(await menu.getAttribute('data-engine'), 'cpu');
    assert.match(await menu.getAttribute('data-reason'), /^(no_api|no_adapter|missing_feature)$/);
    await menu.locator('summary').click();
    assert.match(
      await menu.textContent(),
      /Running on the CPU: (this browser does not offer|the browser found no GPU|the GPU lacks)/,
    );
    await lab.race(page);
    assert.equal((await lab.record(page)).environment.engine, 'cpu');
  });
});
