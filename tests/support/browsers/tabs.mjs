// A tab that can be hidden: Playwright's pages all believe that they are seen, Puppeteer's are tabs of one window.

import puppeteer from 'puppeteer-core';
import { executable } from './chromium.mjs';

// Without these Chromium does to a hidden tab what it does to a visitor's: its timers run once a second.
const KEEP_AWAKE = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Opens a browser with one tab for the page and one to hide it behind. `noises`: what it said that it should not. */
export async function launchTabs() {
  const browser = await puppeteer.launch({
    executablePath: executable(),
    args: ['--no-sandbox'],
    ignoreDefaultArgs: KEEP_AWAKE,
  });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  const other = await browser.newPage();
  await page.bringToFront();
  const noises = [];
  page.on('console', (message) => message.type() === 'error' && noises.push(message.text()));
  page.on('pageerror', (error) => noises.push(String(error)));
  const turned = (state) => page.waitForFunction((wanted) => document.visibilityState === wanted, {}, state);
  return {
    page,
    noises,
    async hide() {
      await other.bringToFront();
      await turned('hidden');
    },
    async show() {
      await page.bringToFront();
      await turned('visible');
    },
    close: () => browser.close(),
  };
}
