// A second visit without the network.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { serve } from './support/site.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('a second visit trains without the network', async () => {
  const site = await serve();
  // What the network would have brought is missed aloud by the browser itself.
  await withPage(browser, { name: 'offline', allowed: [/ERR_|Failed to load/] }, async (page) => {
    await lab.open(page, site, SHORT);
    await page.locator('[data-offline="true"]').waitFor({ state: 'attached', timeout: 60_000 });
    await site.close();
    await page.reload();
    await lab.ready(page);
    await lab.race(page);
    const { models } = await lab.record(page);
    assert.ok(Object.keys(models).length > 0);
  });
});
