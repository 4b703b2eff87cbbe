// What the tests of a file share: one site and one browser, open while the file runs.

import { after } from 'node:test';
import { launch, withPage } from './chromium.mjs';
import { serve } from './site.mjs';

/**
 * Opens both, with the options of `serve` and `launch`, and closes them after the last test. `onPage(options, body)` gives a
 * test a page of its own, which must stay quiet (`withPage`).
 */
export async function setUp({ site: ofSite, browser: ofBrowser } = {}) {
  const [site, browser] = await Promise.all([serve(ofSite), launch(ofBrowser)]);
  after(async () => {
    await browser.close();
    await site.close();
  });
  return { site, browser, onPage: (options, body) => withPage(browser, options, body) };
}
