// What the tests do with the page, by the names a visitor would use.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const START = '[data-action="start"]';

/** Opens the page at a hash and waits until Start can act. */
export async function open(page, site, hash = '') {
  await page.goto(site.url + hash);
  await ready(page);
}

export async function ready(page) {
  await page.locator(`${START}[aria-disabled="false"]`).waitFor();
}

/** Waits until the page says that a next visit can do without the network. */
export async function kept(page) {
  await page.locator('footer[data-kept="kept"]').waitFor({ state: 'attached' });
}

export const press = (page, action) => page.locator(`[data-action="${action}"]`).click();

export async function status(page, wanted, timeout = 120_000) {
  await page.locator(`#race-bar[data-status="${wanted}"]`).waitFor({ timeout });
}

/** Presses Start and waits for the end of the race. */
export async function race(page, timeout) {
  await press(page, 'start');
  await status(page, 'finished', timeout);
}

/** What an export button saves. */
export async function exported(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`[data-export="${name}"]`).click(),
  ]);
  return readFileSync(await download.path());
}

export async function record(page) {
  return JSON.parse((await exported(page, 'record')).toString('utf8'));
}

/** The histogram of a role at a temperature; `own`: the slider's panel. Waits until it has been drawn. */
export async function histogram(page, role, temperature, own = false) {
  const panel = `[data-testid="soft-targets-panel"][data-t="${temperature}"]${own ? '[data-own]' : ':not([data-own])'}`;
  const bars = page.locator(`${panel} [data-testid="soft-targets"][data-role="${role}"]`);
  await bars.waitFor();
  const probabilities = JSON.parse(await bars.getAttribute('data-probabilities'));
  const widths = await bars
    .locator('rect.bar')
    .evaluateAll((rects) => rects.map((rect) => Number.parseFloat(rect.getAttribute('width')) / 100));
  return { probabilities, widths };
}

/** Index and label of the digit on show. */
export async function chosenDigit(page) {
  const chosen = page.locator('[data-testid="chosen-digit"][data-index]');
  await chosen.waitFor();
  return {
    index: Number(await chosen.getAttribute('data-index')),
    label: Number(await chosen.getAttribute('data-label')),
  };
}

/** Draws a seven, a bar and a leg. */
export async function drawSeven(page) {
  const pad = page.locator('[data-testid="pad"]');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  const go = (across, down) => page.mouse.move(x + width * across, y + height * down, { steps: 8 });
  await go(0.28, 0.25);
  await page.mouse.down();
  await go(0.7, 0.24);
  await go(0.57, 0.5);
  await go(0.43, 0.8);
  await page.mouse.up();
}

/** The bars of a model under the drawing. */
export async function prediction(page, model) {
  const bars = page.locator(`[data-testid="prediction"][data-model="${model}"]`);
  await bars.waitFor();
  return JSON.parse(await bars.getAttribute('data-probabilities'));
}

/** Waits until the whole drawing was answered, and a model takes it for that digit: half a drawing may be one as well. */
export async function recognised(page, model, digit) {
  await page.waitForFunction(
    ([name, wanted]) => {
      const bars = document.querySelector(`[data-testid="prediction"][data-model="${name}"]`);
      const probabilities = JSON.parse(bars?.dataset.probabilities ?? '[]');
      const settled = document.querySelector('[data-testid="predictions"]')?.ariaBusy === 'false';
      return settled && probabilities.indexOf(Math.max(...probabilities)) === wanted;
    },
    [model, digit],
  );
}

/** A settings field by its path in the config. */
export const field = (page, path) => page.locator(`[data-field="${path}"] input`).first();

export function assertSumsToOne(probabilities) {
  assert.equal(probabilities.length, 10);
  const sum = probabilities.reduce((total, p) => total + p, 0);
  // Ten doubles: rounding is of the order of 1e-16.
  assert.ok(Math.abs(sum - 1) < 1e-12, `probabilities sum to ${sum}`);
}
