// Chromium by Playwright: where it is, how it is started, and what counts as quiet.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from './site.mjs';

// SwiftShader: WebGPU without a graphics card.
const WEBGPU_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

const PLACES = [
  process.env.CHROMIUM,
  // Debian's wrapper script adds arguments of its own; this is the program behind it.
  '/usr/lib/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export function which(...names) {
  for (const name of names) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      // Not this one; the next may be there.
    }
  }
  return null;
}

/** `gpuArgs`: how the browser comes by WebGPU; `args`: what else it is started with. */
export function launch({ webgpu = false, gpuArgs = WEBGPU_ARGS, args = [] } = {}) {
  return chromium.launch({
    executablePath: executable(),
    args: ['--no-sandbox', ...(webgpu ? gpuArgs : []), ...args],
  });
}

/** Where Chromium is. */
export function executable() {
  const place = PLACES.find((path) => path && existsSync(path)) ?? which('chromium', 'google-chrome');
  assert.ok(place, 'Chromium is missing; run: apt-get install chromium');
  return place;
}

/** What Chromium's settings call it: all sites may store, frames of other sites may not, none may. */
const STORAGE = {
  'third-party-refused': { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } },
  refused: { profile: { default_content_setting_values: { cookies: 2 } } },
};

/** A browser with a profile of its own, whose settings refuse storage; gives its only context. */
export async function launchWithStorage(storage) {
  const profile = mkdtempSync(join(tmpdir(), 'distillery-chromium-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(STORAGE[storage]));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    args: ['--no-sandbox'],
    viewport: { width: 1280, height: 900 },
  });
  // The browser may still write to it while it ends.
  const patient = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  context.on('close', () => rm(profile, patient).catch(() => undefined));
  return context;
}

/** Collects everything a quiet page would not have said. `allowed`: patterns of what a test provokes. */
export function listen(page, allowed = []) {
  const noises = [];
  const hear = (text) => {
    if (!allowed.some((pattern) => pattern.test(text))) noises.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') hear(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => hear(`uncaught: ${error.stack ?? error}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A reload or a worker that is replaced ends its downloads.
    if (reason !== 'net::ERR_ABORTED') hear(`request: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) hear(`response: ${response.status()} ${response.url()}`);
  });
  return noises;
}

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
