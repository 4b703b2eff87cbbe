// What the tests of a file share: one site, one browser and its page, open while the file runs.

import { after } from 'node:test';
import { launch } from '../../support/browsers/chromium.mjs';
import { serve } from './site.mjs';
import { newVisit, quietly, withPage } from './visits.mjs';

/**
 * Opens them, with the options of `serve` and `launch`, and closes them after the last test. `onPage(options, body)` gives a
 * test a page that must stay quiet. It is blank, but the browser has what the test before fetched and compiled, which is
 * almost half of a visit; a test that asks for a visitor of its own (`newVisit`), or has the page begin with a script
 * (`isNew`), gets a page that nobody has used.
 */
export async function setUp({ site: ofSite, browser: ofBrowser } = {}) {
  const [site, browser] = await Promise.all([serve(ofSite), launch(ofBrowser)]);
  after(async () => {
    await browser.close();
    await site.close();
  });
  /** The page that nobody uses at the moment. */
  let idle = null;
  const onPage = async ({ allowed, name, isNew = false, ...options }, body) => {
    const about = { allowed, name };
    if (isNew || Object.keys(options).length > 0) return withPage(browser, { ...about, ...options }, body);
    const page = idle ?? (await newVisit(browser));
    idle = null;
    // One on which a test has failed is left alone.
    await quietly(page, about, body);
    await page.goto('about:blank');
    await page.context().unrouteAll({ behavior: 'ignoreErrors' });
    idle = page;
  };
  return { site, browser, onPage };
}
