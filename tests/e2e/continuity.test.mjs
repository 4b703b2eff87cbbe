// A race that is paused, or loses its worker, ends with the record of one that was left alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { LONG, SHORT } from './support/settings.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });
const undisturbed = new Map();

async function digestUndisturbed(hash) {
  if (!undisturbed.has(hash)) {
    await onPage({ name: 'undisturbed' }, async (page) => {
      await lab.open(page, site, hash);
      await lab.race(page);
      undisturbed.set(hash, (await lab.record(page)).digest);
    });
  }
  return undisturbed.get(hash);
}

/** Presses a button of the page when the first epoch has ended, in the very same turn. */
function pressAfterFirstEpoch(page, action) {
  return page.evaluate((name) => {
    const stop = window.distillery.on('epoch', ({ measures }) => {
      if (measures.epoch < 1) return;
      stop();
      document.querySelector(`[data-action="${name}"]`).click();
    });
  }, action);
}

test('two races of one setting give one digest', async () => {
  await onPage({ name: 'twice' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.race(page);
    assert.equal((await lab.record(page)).digest, await digestUndisturbed(SHORT));
  });
});

test('paused after the first epoch and resumed: the same digest', async () => {
  await onPage({ name: 'paused' }, async (page) => {
    await lab.open(page, site, LONG);
    await pressAfterFirstEpoch(page, 'pause');
    await lab.press(page, 'start');
    await lab.status(page, 'paused');
    await lab.press(page, 'step');
    await lab.race(page);
    assert.equal((await lab.record(page)).digest, await digestUndisturbed(LONG));
  });
});

test('step by step from a standstill, then to the end: the same digest', async () => {
  await onPage({ name: 'steps' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.press(page, 'step');
    await lab.status(page, 'paused');
    await lab.press(page, 'step');
    await lab.race(page);
    assert.equal((await lab.record(page)).digest, await digestUndisturbed(SHORT));
  });
});

test('stop ends the race with its results on show, reset forgets them', async () => {
  await onPage({ name: 'stopped' }, async (page) => {
    await lab.open(page, site, LONG);
    await pressAfterFirstEpoch(page, 'stop');
    await lab.press(page, 'start');
    await lab.status(page, 'finished');
    const record = await lab.record(page);
    const { length } = record.models.student.epochs;
    assert.ok(length >= 1 && length < 4, `${length} epochs`);
    await lab.press(page, 'reset');
    await lab.status(page, 'ready');
    assert.equal(await page.locator('[data-export="record"]').count(), 0);
  });
});

const deaths = {
  'is ended from outside': () => self.close(),
  'throws outside any call': () => void setTimeout(() => Promise.reject(new Error('made by the test'))),
};
for (const [death, kill] of Object.entries(deaths)) {
  test(`a worker that ${death} during training is replaced: the same digest`, async () => {
    const allowed = [/made by the test/];
    await onPage({ name: 'killed', allowed }, async (page) => {
      await lab.open(page, site, LONG);
      await page.evaluate(() => {
        window.distillery.on('epoch', ({ measures }) => {
          if (measures.epoch >= 1) document.body.dataset.epoch = String(measures.epoch);
        });
      });
      await lab.press(page, 'start');
      await page.locator('body[data-epoch]').waitFor();
      assert.equal(page.workers().length, 1);
      await page.workers()[0].evaluate(kill);
      await page.locator('[data-kind="restored"]').waitFor();
      await lab.status(page, 'finished');
      assert.equal((await lab.record(page)).digest, await digestUndisturbed(LONG));
    });
  });
}
