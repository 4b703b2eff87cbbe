// Three engines behind one small face: go somewhere, evaluate a function there or in its frame, drag the mouse.
// `storage: 'third-party-refused'` has them refuse storage to frames of other sites; `webgpu` has Firefox offer WebGPU;
// WebKitGTK is as it comes.

import puppeteer from 'puppeteer-core';
import { launch, launchWithStorage, listen, which } from './chromium.mjs';
import { launchWebKit } from './webdriver.mjs';

async function launchChromium({ storage } = {}) {
  const viewport = { width: 1280, height: 900 };
  const context = storage
    ? await launchWithStorage(storage)
    : await (await launch()).newContext({ viewport });
  const page = await context.newPage();
  const close = async () => {
    await context.close();
    await context.browser()?.close();
  };
  return { ...withMouse(page), noises: listen(page), close };
}

/** Firefox's preferences: 1 refuses storage to frames of other sites. */
const FIREFOX_STORAGE = {
  'third-party-refused': { 'network.cookie.cookieBehavior': 1 },
  private: { 'browser.privatebrowsing.autostart': true },
};

/** WebGPU, which Firefox does not offer on Linux by itself, in the page and in its workers. */
const FIREFOX_WEBGPU = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};
/** lavapipe, Mesa's graphics card of software, whatever other card there may be. */
const LAVAPIPE = { VK_LOADER_DRIVERS_SELECT: '*lvp*' };

async function launchFirefox({ storage, webgpu = false } = {}) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: which('firefox-esr', 'firefox'),
    headless: true,
    env: { ...process.env, ...(webgpu && LAVAPIPE) },
    extraPrefsFirefox: { ...FIREFOX_STORAGE[storage], ...(webgpu && FIREFOX_WEBGPU) },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const noises = [];
  page.on('console', (message) => message.type() === 'error' && noises.push(message.text()));
  page.on('pageerror', (error) => noises.push(String(error)));
  return { ...withMouse(page), noises, close: () => browser.close() };
}

/** Playwright's and Puppeteer's pages have this much in common. */
function withMouse(page) {
  return {
    goto: (url) => page.goto(url),
    evaluate: (body, ...args) => page.evaluate(`(${body})(...${JSON.stringify(args)})`),
    inFrame: (body, ...args) => page.frames()[1].evaluate(`(${body})(...${JSON.stringify(args)})`),
    async drag(from, to) {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 10 });
      await page.mouse.up();
    },
  };
}

const LINUX_ONLY = process.platform !== 'linux' && 'this browser is tested on Linux only';

/** Every engine, and why it is left out where it cannot be had. */
export const BROWSERS = [
  { name: 'Chromium', launch: launchChromium, skip: false },
  { name: 'Firefox', launch: launchFirefox, skip: LINUX_ONLY },
  { name: 'WebKitGTK', launch: launchWebKit, skip: LINUX_ONLY },
];
