// Firefox by Puppeteer.

import puppeteer from 'puppeteer-core';
import { which } from './chromium.mjs';
import { withMouse } from './mouse.mjs';

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

export async function launchFirefox({ storage, webgpu = false } = {}) {
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
