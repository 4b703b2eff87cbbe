// Everyone can use it: axe on every state, the keyboard alone, a phone, two languages, light and dark.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { LONG, SHORT } from './support/settings.mjs';
import { flipped, serve } from './support/site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const MOST_TABS = 60;

const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** Every rule of axe, the whole document. */
async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

async function assertFitsSideways(page, state) {
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= room, `${state}: ${wide} px wide in ${room} px`);
}

for (const [name, options] of Object.entries({ wide: {}, phone: PHONE })) {
  test(`axe finds nothing, ready, running, paused and finished: ${name}`, async () => {
    await onPage({ name: `axe-${name}`, ...options }, async (page) => {
      await lab.open(page, site, LONG);
      await lab.histogram(page, 'teacher', 4);
      await assertAccessible(page, 'ready');
      await lab.press(page, 'start');
      await lab.status(page, 'running');
      await assertAccessible(page, 'running');
      await lab.status(page, 'finished');
      await page.locator('.tree li[data-model="teacher"] button').click();
      await page.locator('[data-card]').waitFor();
      for (const summary of await page.locator('main details > summary').all()) await summary.click();
      await assertAccessible(page, 'finished, everything unfolded');
      await assertFitsSideways(page, 'finished, everything unfolded');
    });
  });
}

test('axe finds nothing: Chinese and dark, paused, with the engine menu open', async () => {
  await onPage({ name: 'axe-zh-dark', colorScheme: 'dark' }, async (page) => {
    await lab.open(page, site, `${SHORT}&view.lang=zh&view.theme=dark`);
    await lab.press(page, 'step');
    await lab.status(page, 'paused');
    await page.locator('details[data-engine] summary').click();
    await assertAccessible(page, 'Chinese, dark, paused');
  });
});

test('axe finds nothing: failed, with a message', async () => {
  const faults = [{ file: 'train-0.', spoil: flipped, times: 2 }];
  const faulty = await serve({ faults });
  try {
    await onPage({ name: 'axe-failed' }, async (page) => {
      await page.goto(faulty.url);
      await page.locator('[data-kind="failure"]').waitFor();
      await assertAccessible(page, 'failed');
    });
  } finally {
    await faulty.close();
  }
});

test('the keyboard alone starts the race and reads its chart', async () => {
  await onPage({ name: 'keyboard' }, async (page) => {
    await lab.open(page, site, SHORT);
    await tabTo(page, '[data-action="start"]');
    await page.keyboard.press('Enter');
    await lab.status(page, 'finished');
    await tabTo(page, '[data-chart="accuracy"] [role="slider"]');
    await page.keyboard.press('Home');
    const reader = page.locator('[data-chart="accuracy"] [role="slider"]');
    assert.equal(await reader.getAttribute('aria-valuenow'), '1');
    const first = await reader.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    assert.equal(await reader.getAttribute('aria-valuenow'), '2');
    const second = await reader.getAttribute('aria-valuetext');
    const { models } = await lab.record(page);
    for (const [epoch, text] of [first, second].entries()) {
      const measures = models.student.epochs.find((one) => one.epoch === epoch + 1);
      assert.ok(text.includes(String(measures.errors)), `${text} names ${measures.errors}`);
    }
  });
});

async function tabTo(page, selector) {
  for (let i = 0; i < MOST_TABS; i += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${MOST_TABS} tabs do not reach ${selector}`);
}

test('a phone of 360 px: nothing scrolls sideways, Start is in reach from everywhere', async () => {
  await onPage({ name: 'phone', ...PHONE }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.histogram(page, 'teacher', 4);
    await assertFitsSideways(page, 'ready');
    for (const part of [0, 0.5, 1]) {
      await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), part);
      const { y, height } = await page.locator('[data-action="start"]').boundingBox();
      assert.ok(y >= 0 && y + height <= 740, `Start at ${y} px after scrolling ${part}`);
    }
    await page.locator('[data-action="start"]').tap();
    await lab.status(page, 'finished');
    await assertFitsSideways(page, 'finished');
  });
});

test('language and theme change in place', async () => {
  await onPage({ name: 'language' }, async (page) => {
    await lab.open(page, site, SHORT);
    const title = page.locator('#race-title');
    assert.match(await title.textContent(), /The race/);
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole('button', { name: /^Theme/ }).click();
    await page.getByRole('button', { name: /^Theme/ }).click();
    await page.locator('html[data-theme="dark"]').waitFor();
    assert.notEqual(await paper(), light);
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('html[lang="zh-Hans"]').waitFor();
    assert.doesNotMatch(await title.textContent(), /[A-Za-z]/);
    await page.getByRole('button', { name: 'English' }).click();
    assert.match(await title.textContent(), /The race/);
  });
});
