// Visits in Chromium, and what counts as quiet in them.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { listen } from '../../support/browsers/chromium.mjs';
import { ROOT } from './site.mjs';

/** Holds back what the page fetches from addresses that match, until `release`. Workers' requests pass here too. */
export async function hold(context, pattern) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await context.route(pattern, async (route) => {
    await released;
    await route.continue().catch(() => undefined);
  });
  return release;
}

/** What the page keeps of someone who has seen the lesson that offers itself on a first visit. */
const WELCOMED = JSON.stringify({
  distillery: 'progress',
  version: 1,
  lessons: { 'first-minute': { step: 0, reached: 0, done: true, answers: {}, kept: {} } },
});

/** Before any script of the page; where storage is refused there is nothing to keep. */
function welcomed(kept) {
  try {
    if (localStorage.getItem('distillery.lessons') === null) localStorage.setItem('distillery.lessons', kept);
  } catch {
    // about:blank has no storage either.
  }
}

/**
 * A page of a visitor who has never been here, with what Playwright may set of him. No visit keeps the page for the next one,
 * which costs seconds, unless `serviceWorkers: 'allow'` says so. The first lesson offers itself only where `isWelcomed` is false.
 */
export async function newVisit(browser, { isWelcomed = true, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    serviceWorkers: 'block',
    ...options,
  });
  context.setDefaultTimeout(60_000);
  if (isWelcomed) await context.addInitScript(welcomed, WELCOMED);
  return context.newPage();
}

/** Runs `body` with a page that must stay quiet; a failure leaves a picture in build/screenshots. */
export async function quietly(page, { allowed, name = 'page' }, body) {
  const noises = listen(page, allowed);
  try {
    await body(page);
    assert.deepEqual(noises, [], 'the page must not complain');
  } catch (error) {
    const folder = join(ROOT, 'build/screenshots');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true }).catch(() => undefined);
    if (noises.length > 0) console.error(`What the page said: ${noises.join('\n')}`);
    throw error;
  }
}

/** The same with a page of its own: `options` has what `newVisit` takes, too. */
export async function withPage(browser, { allowed, name, ...options }, body) {
  const page = await newVisit(browser, options);
  try {
    await quietly(page, { allowed, name }, body);
  } finally {
    await page.context().close();
  }
}
