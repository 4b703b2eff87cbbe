// Lessons made on the page: written in a few dozen actions, shared by a link that carries them, walked by somebody else.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { launchWithStorage, listen } from '../support/browsers/chromium.mjs';
import { setUp } from './support/fixture.mjs';
import { otherSite } from './support/lesson.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { ROOT, serve } from './support/site.mjs';
import { newVisit } from './support/visits.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const { site, browser, onPage } = await setUp({ site: { laterDigits: false } });

const maker = (page) => page.locator('[data-testid="maker"]');
const make = (page, name) => maker(page).locator(`[data-make="${name}"]`);
const text = (page, path) => maker(page).locator(`[data-path="${path}"] textarea`);
const aside = (page) => page.locator('aside[data-lesson]');
const step = (page, at) => page.locator(`[data-step="${at}"]`);
const next = (page) => page.locator('[data-lesson-action="next"][aria-disabled="false"]').click();
const problems = (page) => maker(page).locator('[data-testid="maker-problems"]');
const dataOf = (lesson) => deflateRawSync(JSON.stringify(lesson)).toString('base64url');
const course = (name) => JSON.parse(readFileSync(`${ROOT}/www/lessons/data/${name}.json`, 'utf8'));

/** Opens the page where lessons are made, with Start out of sight, and waits until there is a draft. */
async function openMaker(page, hash = '') {
  await page.goto(`${site.url}#view.page=make${hash}`);
  await make(page, 'open').waitFor();
}

async function setTemperature(page, wanted) {
  await page.locator('[data-testid="temperature"]').focus();
  const value = page.locator('.value', { hasText: 'T =' }).first();
  for (let i = 0; i < 100; i += 1) {
    if (Number((await value.textContent()).replace('T = ', '')) >= wanted) return;
    await page.keyboard.press('ArrowRight');
  }
  assert.fail(`the slider does not reach ${wanted}`);
}

async function openFile(page, lesson) {
  await make(page, 'open').click();
  const buffer = Buffer.from(JSON.stringify(lesson));
  const file = { name: 'mine.json', mimeType: 'application/json', buffer };
  await maker(page).locator('input[type="file"]').setInputFiles(file);
  await maker(page).locator('[data-testid="maker-open"]').waitFor({ state: 'detached' });
}

async function assertFine(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= room, `${state}: ${wide} px wide in ${room} px`);
}

/** A lesson of all four kinds of steps, by the fewest actions of a visitor; answers its link. */
async function written(page, t) {
  let actions = 0;
  const act = async (promise) => {
    actions += 1;
    await promise;
  };
  await act(page.locator('[data-page="learn"]').click());
  await act(page.locator('[data-learn-action="make"]').click());
  await act(text(page, 'title').fill('Hot'));
  await act(text(page, 'claim').fill('Heat evens probabilities out.'));
  await act(maker(page).locator('[data-make-step="0"]').click());
  await act(text(page, 'steps[0].text').fill('Look at this digit.'));
  await act(maker(page).locator('[data-make-add="predict"]').click());
  await act(text(page, 'steps[1].text').fill('What does T = 8 do?'));
  await act(text(page, 'steps[1].choices[0].text').fill('It evens them out'));
  await act(text(page, 'steps[1].choices[1].text').fill('Nothing'));
  await act(maker(page).locator('[data-make-add="do"]').click());
  await act(text(page, 'steps[2].text').fill('Set T to 8.'));
  await act(make(page, 'lab').click());
  await act(setTemperature(page, 8));
  await act(page.locator('nav a[data-page="make"]').click());
  await act(make(page, 'happened').click());
  const proposal = maker(page).locator('[data-proposal]').first();
  assert.equal(await proposal.getAttribute('data-proposal'), 'view.t', 'what was moved comes first');
  await act(maker(page).locator('[data-proposal="view.t"]').click());
  await act(maker(page).locator('[data-make-add="reveal"]').click());
  await act(text(page, 'steps[3].text').fill('T is now '));
  await act(maker(page).locator('[data-path="steps[3].text"] select.insert').selectOption('{view.t}'));
  assert.equal(await text(page, 'steps[3].text').inputValue(), 'T is now {view.t}');
  await maker(page).locator('[data-testid="maker-problems"][data-count="0"]').waitFor();
  t.diagnostic(`a lesson of four steps: ${actions} actions`);
  assert.ok(actions <= 30, `${actions} actions`);
  return maker(page).locator('[data-testid="maker-shared"]').inputValue();
}

test('a lesson made on the page goes along in a link, and somebody else walks it', async (t) => {
  await onPage({ name: 'maker', locale: 'en-GB' }, async (page) => {
    await lab.open(page, site, SHORT);
    const link = await written(page, t);
    assert.ok(link.length < 8000, link);
    const other = await newVisit(browser, { locale: 'en-GB' });
    try {
      const noises = listen(other);
      await other.goto(link);
      await lab.ready(other);
      await step(other, 0).waitFor();
      assert.equal(await aside(other).locator('h2').textContent(), 'Hot');
      assert.equal(
        await lab.field(other, 'training.epochs').inputValue(),
        '2',
        'it begins as the page stood',
      );
      await next(other);
      await other.locator('.choice', { hasText: 'evens' }).click();
      await next(other);
      assert.equal(await step(other, 2).getAttribute('data-met'), 'false');
      await setTemperature(other, 8);
      await other.locator('[data-step="2"][data-met="true"]').waitFor();
      // The address has the lesson all along.
      await other.waitForFunction(() => location.hash.includes('lesson.data='));
      await other.reload();
      await step(other, 2).waitFor();
      await lab.ready(other);
      await setTemperature(other, 8);
      await next(other);
      assert.match(await step(other, 3).textContent(), /T is now 8/);
      await next(other);
      await aside(other).waitFor({ state: 'detached' });
      assert.deepEqual(noises, []);
    } finally {
      await other.context().close();
    }
  });
});

test('a broken lesson in a link is refused by step and field, in the reader’s language', async () => {
  await onPage({ name: 'broken-link' }, async (page) => {
    const lesson = course('temperature');
    lesson.steps[2].until[0].fact = 'view.heat';
    await lab.open(page, site, `#lesson.data=${dataOf(lesson)}&view.lang=zh`);
    const line = await page.locator('[data-lesson-problems] li').textContent();
    for (const word of ['第 3 步', 'until[0].fact', 'view.heat', 'view.t'])
      assert.ok(line.includes(word), line);
    await page.goto('about:blank');
    const cut = dataOf(course('temperature')).slice(0, 300);
    await lab.open(page, site, `#lesson.data=${cut}&view.lang=en`);
    assert.match(await page.locator('[data-lesson-problems] li').textContent(), /lesson of this link/i);
    await page.locator('[data-lesson-action="close"]').click();
    await aside(page).waitFor({ state: 'detached' });
  });
});

test('tried out and left, the draft, the settings and the view are as before; the browser keeps the draft', async () => {
  await onPage({ name: 'trial', locale: 'en-GB', isNew: true }, async (page) => {
    await openMaker(page, `${SHORT.replace('#', '&')}&view.t=3`);
    await make(page, 'try').click({ force: true });
    assert.equal(await aside(page).count(), 0, 'an unfinished lesson is not tried');
    await openFile(page, course('temperature'));
    await maker(page).locator('[data-make-step="2"]').click();
    await text(page, 'steps[2].text').fill('Turn it right up.');
    await page.evaluate(() => {
      location.hash = location.hash.replace('view.t=3', 'view.t=5');
    });
    await page.waitForFunction(() => document.querySelector('main').dataset.settings.includes('view.t=5'));
    const before = await page.evaluate(() => window.distillery.config());
    await make(page, 'try').click();
    await step(page, 0).waitFor();
    await next(page);
    await page.locator('.choice').first().click();
    await next(page);
    assert.match(await step(page, 2).textContent(), /Turn it right up/);
    await page.locator('[data-lesson-action="close"]').click();
    await maker(page).waitFor();
    await page.waitForFunction(() => document.querySelector('main').dataset.settings.includes('view.t=5'));
    await page.waitForFunction(
      async (wanted) => JSON.stringify(await window.distillery.config()) === wanted,
      JSON.stringify(before),
    );
    assert.equal(await text(page, 'steps[2].text').inputValue(), 'Turn it right up.');
    await page.waitForFunction(() => location.hash.includes('view.page=make'));
    await page.reload();
    await maker(page).locator('[data-make-step="2"]').click();
    assert.equal(await text(page, 'steps[2].text').inputValue(), 'Turn it right up.');
  });
});

test('by keyboard a step moves and goes; undo and redo go through all of it; a mistake is named and led to', async () => {
  await onPage({ name: 'maker-keys', locale: 'en-GB' }, async (page) => {
    await openMaker(page);
    await openFile(page, course('never-seen'));
    const kinds = () => maker(page).locator('[data-make-step] strong').allTextContents();
    const before = await kinds();
    const first = maker(page).locator('[data-make-step="0"]');
    await first.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Alt+ArrowDown');
    await page.waitForFunction(() => document.activeElement?.dataset.makeStep === '1');
    await page.keyboard.press('Delete');
    assert.equal((await kinds()).length, before.length - 1);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    assert.deepEqual(await kinds(), before);
    await page.keyboard.press('Control+Shift+z');
    assert.notDeepEqual(await kinds(), before);
    await make(page, 'undo').click();
    await maker(page).locator('[data-make-step="all"]').click();
    await maker(page).locator('[data-path="minutes"] input').fill('90');
    assert.match(await problems(page).textContent(), /minutes.*90/);
    await first.click();
    await problems(page).locator('button').click();
    await page.waitForFunction(() => document.activeElement?.closest('[data-path="minutes"]') !== null);
  });
});

test('a lesson too long for a link says so, and is saved as a file that opens again', async () => {
  await onPage({ name: 'too-long', locale: 'en-GB' }, async (page) => {
    await openMaker(page);
    const lesson = course('temperature');
    // What does not repeat itself does not become shorter.
    let seed = 1;
    const odd = Array.from({ length: 9000 }, () => {
      seed = (seed * 48271) % 2147483647;
      return (seed % 36).toString(36);
    }).join('');
    lesson.claim.en = odd;
    await openFile(page, lesson);
    await maker(page).locator('[data-testid="too-long"]').waitFor();
    assert.equal(await maker(page).locator('[data-testid="maker-shared"]').count(), 0);
    const [saved] = await Promise.all([page.waitForEvent('download'), make(page, 'save').click()]);
    assert.deepEqual(JSON.parse(readFileSync(await saved.path(), 'utf8')), lesson);
  });
});

test('the snippets for other pages show the lesson there: a frame and the element', async () => {
  await onPage({ name: 'snippets', locale: 'en-GB' }, async (page) => {
    await openMaker(page);
    await openFile(page, course('temperature'));
    const shared = maker(page).locator('[data-testid="maker-shared"]');
    const pages = {};
    for (const way of ['frame', 'element']) {
      await make(page, 'way').selectOption(way);
      const head =
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">';
      pages[`/${way}`] = `${head}<main>${await shared.inputValue()}</main>`;
    }
    const host = await serve({ pages });
    try {
      for (const way of ['frame', 'element']) {
        await page.goto(`${otherSite(host.url)}${way}`);
        const frame = page.locator('iframe').contentFrame();
        await frame.locator('aside[data-lesson] h2', { hasText: 'Temperature' }).waitFor();
      }
      await page.goto('about:blank');
    } finally {
      await host.close();
    }
  });
});

test('a browser that refuses storage: the page says that the draft is not kept', async () => {
  const context = await launchWithStorage('refused');
  try {
    const page = await context.newPage();
    const noises = listen(page);
    await openMaker(page, '&view.lang=en');
    await text(page, 'title').fill('Hot');
    await maker(page).getByText('save the draft as a file').waitFor();
    assert.deepEqual(noises, []);
  } finally {
    await context.close();
  }
});

for (const [name, options] of Object.entries({ wide: {}, phone: PHONE })) {
  test(`axe finds nothing where lessons are made: ${name}`, async () => {
    await onPage({ name: `maker-axe-${name}`, isNew: true, ...options }, async (page) => {
      await openMaker(page, `&view.lang=${name === 'wide' ? 'en' : 'zh'}`);
      await assertFine(page, 'an empty lesson with what is missing');
      await openFile(page, course('temperature'));
      await maker(page).locator('[data-make-step="2"]').click();
      await make(page, 'writing').selectOption('both');
      await make(page, 'happened').click();
      await assertFine(page, 'something to do, in both languages');
      await maker(page).locator('[data-make-step="1"]').click();
      await assertFine(page, 'a prediction');
    });
  });
}
