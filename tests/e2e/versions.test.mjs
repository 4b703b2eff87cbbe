// A new version of the page: it is offered, never forced, and the files of two versions do not meet.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { laterBuild, versionOf } from './support/deploys.mjs';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { LONG, SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { DIST, serve } from './support/site.mjs';

const { onPage } = await setUp();
const later = laterBuild();
after(() => later.remove());

/** A visit after which all of this version is kept; then `body`. */
async function kept(name, options, body) {
  const site = await serve(options);
  const allowed = [/404|ERR_|Failed to load/];
  try {
    await onPage({ name, allowed, serviceWorkers: 'allow' }, async (page) => {
      await lab.open(page, site, SHORT);
      await lab.kept(page);
      await body(page, site, await versionOf(page));
    });
  } finally {
    await site.close();
  }
}

const notice = (page) => page.locator('[data-kind="new_version"]');
/** A visitor comes back to the page's tab: that is when it asks for a new version. */
const comeBack = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

/** Two engines more: each is a worker that fetches its own code, module, digits and teacher. */
const sweep = (page) =>
  page.evaluate(
    (config) => window.distillery.sweep({ config, fields: {}, seeds: 2 }, 2).then((lines) => lines.length),
    SHORT_CONFIG,
  );

// The script that embeds the page stands in pages of others, under a name that stays.
test('every file of a build but the page, its service worker and the script that embeds it has a digest in its path', () => {
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(DIST.length + 1)}/${entry.name}`.replace(/^\//, ''))
    .filter((name) => !/\.(br|gz)$/.test(name) && !/^(index\.html|offline\.js|embed\.js)$/.test(name));
  const digest =
    /^(assets\/[^/]+-[\w-]{8}\.\w+|data\/[^/]+\.[0-9a-f]{8}\.digits|(data|teachers)\/[0-9a-f]{16}\/[^/]+)$/;
  assert.deepEqual(
    files.filter((name) => !digest.test(name)),
    [],
  );
  assert.ok(files.length > 10);
});

test('a deploy while the page is open: not in the middle of a race, then a word of the new version; the old one goes on from kept copies', async () => {
  await kept('deploy-open', {}, async (page, site, version) => {
    await page.goto(site.url + LONG);
    await lab.ready(page);
    await lab.press(page, 'start');
    await lab.status(page, 'running');
    site.deploy(later.folder);
    const asked = site.requests.length;
    await comeBack(page);
    while (site.requests.length === asked) await page.waitForTimeout(20);
    await page.waitForTimeout(300);
    const early = await notice(page).count();
    const status = await page.locator('#race-bar').getAttribute('data-status');
    assert.equal(status, 'running', 'the race is long enough to ask in its middle');
    assert.equal(early, 0);
    await lab.status(page, 'finished');
    await notice(page).waitFor();
    assert.match(await notice(page).textContent(), /new version/);
    assert.equal(await sweep(page), 2);
    assert.equal(await page.locator('[data-kind="failure"]').count(), 0);
    assert.equal(await versionOf(page), version, 'nothing is forced');
    await notice(page).locator('[data-action="reload"]').click();
    await page.locator(`meta[content="${later.version}"]`).waitFor({ state: 'attached' });
    await lab.ready(page);
    assert.equal(await notice(page).count(), 0);
    await lab.race(page);
  });
});

test('reloads in the middle of a deploy: kept copies and a word of the new version, never a blank page', async (t) => {
  const stale = { '/': readFileSync(join(DIST, 'index.html'), 'utf8') };
  await kept('deploy-reloads', { pages: stale }, async (page, site, version) => {
    await t.test('an old index.html whose files are gone, as a cache on the way may have it', async () => {
      site.deploy(later.folder);
      await page.reload();
      await lab.ready(page);
      assert.equal(await versionOf(page), version);
      await lab.race(page);
      assert.equal(await page.locator('[data-kind="failure"]').count(), 0);
      assert.equal(await notice(page).count(), 0);
    });
    await t.test('a new index.html whose files are not there yet', async () => {
      delete stale['/'];
      site.missing = /^\/assets\/index-/;
      await page.reload();
      await lab.ready(page);
      assert.equal(await versionOf(page), version);
      await notice(page).waitFor();
    });
    await t.test('then its files', async () => {
      site.missing = null;
      await notice(page).locator('[data-action="reload"]').click();
      await page.locator(`meta[content="${later.version}"]`).waitFor({ state: 'attached' });
      await lab.ready(page);
    });
  });
});

test('two tabs, two versions: each goes on, and the old one is removed when its last page is gone', async () => {
  await kept('deploy-two-tabs', {}, async (page, site, version) => {
    const context = page.context();
    site.deploy(later.folder);
    const second = await context.newPage();
    await lab.open(second, site, SHORT);
    await lab.kept(second);
    assert.equal(await versionOf(second), later.version);
    assert.equal(await sweep(page), 2);
    assert.deepEqual(await keptVersions(second), [version, later.version]);
    await page.close();
    await second.reload();
    await lab.ready(second);
    await lab.kept(second);
    assert.deepEqual(await keptVersions(second), [later.version]);
    const names = await second.evaluate(async () => {
      const [name] = await caches.keys();
      return (await (await caches.open(name)).keys()).map(({ url }) => url);
    });
    const old = readdirSync(join(DIST, 'assets')).filter((name) => names.some((url) => url.endsWith(name)));
    assert.deepEqual(old, [], 'no file of the old version stays');
    await site.close();
    await second.reload();
    await lab.ready(second);
    await lab.race(second);
  });
});

/** Versions whose pages are kept, oldest first. */
const keptVersions = (page) =>
  page.evaluate(async () => {
    const [name] = await caches.keys();
    const cache = await caches.open(name);
    const index = (await cache.keys()).find(({ url }) => url.endsWith('/kept/index'));
    const { versions } = await (await cache.match(index)).json();
    return versions.map(({ version }) => version);
  });

test('no service worker, and the engine has gone with a deploy: the failure, and a word of the new version', async () => {
  const old = readFileSync(join(DIST, 'index.html'), 'utf8');
  let asked = 0;
  const pages = {
    // A cache on the way gives out the old page once more.
    get '/'() {
      asked += 1;
      return asked === 1 ? old : readFileSync(join(later.folder, 'index.html'), 'utf8');
    },
  };
  const site = await serve({ pages });
  site.missing = /^\/assets\/worker-/;
  try {
    const options = {
      name: 'deploy-no-worker',
      allowed: [/404|ERR_FAILED|Failed to load/],
    };
    await onPage(options, async (page) => {
      await page.goto(site.url);
      await page.locator('[data-kind="failure"]').waitFor();
      await notice(page).waitFor();
      site.missing = null;
      site.deploy(later.folder);
      await notice(page).locator('[data-action="reload"]').click();
      await lab.ready(page);
    });
  } finally {
    await site.close();
  }
});
