// Without a network, with one that does not work, and where nothing can be kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BROWSERS } from '../support/browsers/index.mjs';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { serve } from './support/site.mjs';

/** A visitor with a kept page waits no longer than this for the network; what is over is for a busy machine. */
const PATIENCE_MS = 3000;
const SLACK_MS = 1000;

const { onPage } = await setUp();

const ILL = {
  busy: 'a server that answers 503',
  silent: 'a server that accepts and never answers',
  stalled: 'a server that begins an answer and sends no more',
  portal: 'a network that sends everyone to another origin',
};

async function assertTrains(page) {
  await lab.race(page);
  const { models } = await lab.record(page);
  assert.ok(Object.keys(models).length > 0);
}

/** How long the page waited for its document: what it took to open after that is the machine's own time. */
const waitForDocument = () => performance.getEntriesByType('navigation')[0].responseEnd;

/** Half a sheet in the place of the kept one, as a disk that fills up may leave it. */
const damageSheet = async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const sheet = (await cache.keys()).find(({ url }) => url.includes('test-0.'));
    const bytes = await (await cache.match(sheet)).arrayBuffer();
    await cache.put(sheet, new Response(bytes.slice(0, bytes.byteLength >> 1)));
  }
};

// One visit that keeps the page is what all of these begin with, so they share it: each leaves the page kept.
test('after a first visit', async (t) => {
  const site = await serve();
  // What the network would have brought is missed aloud by the browser itself.
  const allowed = [/ERR_|Failed to load|response: 503/];
  try {
    await onPage({ name: 'offline', allowed, serviceWorkers: 'allow' }, async (page) => {
      await lab.open(page, site, SHORT);
      await lab.kept(page);
      await t.test('a kept copy that is damaged is fetched anew', async () => {
        await page.evaluate(damageSheet);
        await page.reload();
        await lab.ready(page);
        assert.equal(await page.locator('[data-kind="failure"]').count(), 0);
        await lab.kept(page);
      });
      for (const [health, what] of Object.entries(ILL)) {
        await t.test(`${what}: the kept page, after 3 s at most, and it trains`, async () => {
          site.health = health;
          await page.reload();
          await lab.ready(page);
          const waited = await page.evaluate(waitForDocument);
          assert.ok(waited < PATIENCE_MS + SLACK_MS, `${waited} ms`);
          await assertTrains(page);
        });
      }
      await t.test('without the network the page opens, its copies whole again, and trains', async () => {
        await site.close();
        await page.reload();
        await lab.ready(page);
        assert.equal(await page.locator('[data-kind="failure"]').count(), 0);
        await assertTrains(page);
      });
      for (const address of ['?from=moodle', 'index.html', 'index.html?from=moodle']) {
        await t.test(`without the network /${address} opens`, async () => {
          await page.goto(site.url + address + SHORT);
          await lab.ready(page);
        });
      }
    });
  } finally {
    await site.close().catch(() => undefined);
  }
});

// These run in the page; a browser gets their text.
const keptHere = async () => {
  for (;;) {
    const footer = document.querySelector('footer[data-kept]:not([data-kept="unknown"])');
    if (footer) return footer.dataset.kept;
    await new Promise((later) => setTimeout(later, 50));
  }
};
const race = async (config) => {
  // WebKit calls a page loaded before the last of its modules has run.
  while (!window.distillery) await new Promise((later) => setTimeout(later, 20));
  await window.distillery.ready;
  return (await window.distillery.run(config)).digest;
};

for (const { name, launch: start, skip } of BROWSERS.filter((one) => one.name !== 'Chromium')) {
  test(`/?from=moodle opens and trains without the network: ${name}`, {
    skip,
    timeout: 180_000,
  }, async () => {
    const site = await serve();
    const other = await start();
    try {
      await other.goto(site.url + SHORT);
      assert.equal(await other.evaluate(keptHere), 'kept');
      await site.close();
      await other.goto(`${site.url}?from=moodle${SHORT}`);
      assert.match(await other.evaluate(race, SHORT_CONFIG), /^[0-9a-f]{64}$/);
    } finally {
      await other.close();
      await site.close().catch(() => undefined);
    }
  });
}

/** What the page says of the next visit, in both languages. */
async function laterVisits(page) {
  await page.locator('footer[data-kept]:not([data-kept="unknown"])').waitFor();
  const english = await page.locator('footer').textContent();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: 'English' }).waitFor();
  return { english, chinese: await page.locator('footer').textContent() };
}

async function onSite(options, body) {
  const site = await serve();
  try {
    await onPage({ ...options, serviceWorkers: 'allow' }, (page) => body(page, site));
  } finally {
    await site.close();
  }
}

test('storage that is full costs the next visit, and the page says so', async () => {
  await onSite({ name: 'full' }, async (page, site) => {
    const devtools = await page.context().newCDPSession(page);
    const origin = new URL(site.url).origin;
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2_000_000 });
    await lab.open(page, site, SHORT);
    const { english, chinese } = await laterVisits(page);
    assert.match(english, /no room to store the page: the next visit needs the network/);
    assert.match(chinese, /没有足够的空间/);
    await lab.race(page);
  });
});

test('no service worker costs the next visit, and the page says so', async () => {
  await onSite({ name: 'no-service-worker' }, async (page, site) => {
    await page.addInitScript(() => {
      delete Navigator.prototype.serviceWorker;
    });
    await lab.open(page, site, SHORT);
    const { english, chinese } = await laterVisits(page);
    assert.match(english, /does not store the page: the next visit needs the network/);
    assert.match(chinese, /不保存页面/);
    await lab.race(page);
  });
});
