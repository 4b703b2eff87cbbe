// Three engines behind one small face: go somewhere, evaluate a function there, drag the mouse.

import puppeteer from 'puppeteer-core';
import { launch, listen, which } from './chromium.mjs';
import { launchWebKit } from './webdriver.mjs';

async function launchChromium() {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  return { ...withMouse(page), noises: listen(page), close: () => browser.close() };
}

async function launchFirefox() {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: which('firefox-esr', 'firefox'),
    headless: true,
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
