// Lessons: the first minute of a first visit, the course walked in both languages, and what a lesson leaves as it is.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { launchWithStorage, listen } from '../support/browsers/chromium.mjs';
import { deedsOf, setTemperature } from './support/deeds.mjs';
import { setUp } from './support/fixture.mjs';
import { lesson as frameAround } from './support/lesson.mjs';
import * as lab from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { serve } from './support/site.mjs';
import { hold } from './support/visits.mjs';

import { aside, assertHeldBack, goOn, readLesson, step, walk } from './support/walk.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

const { site, onPage } = await setUp();

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

/** Whether a press in the middle of Start would reach it. */
const startIsFree = (page) =>
  page.evaluate(() => {
    const start = document.querySelector('[data-action="start"]');
    start.scrollIntoView({ block: 'center' });
    const { x, y, width, height } = start.getBoundingClientRect();
    return start.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });

/** A race of a second or two in place of the lesson's. */
async function shortRace(page) {
  for (const [path, value] of Object.entries({ 'transfer_set.digits': 640, 'training.epochs': 2 })) {
    await lab.field(page, path).fill(String(value));
    await lab.field(page, path).blur();
  }
  await lab.race(page);
}

/** Walked with short races; `make proofs` walks every lesson in both languages with its own. */
const WALKED = [
  ['soft-labels', 'en'],
  ['soft-labels', 'zh'],
  ['temperature', 'zh'],
  ['two-losses', 'en'],
];

test('the first minute: it asks, warms, distils and tells, and does not come again', async (t) => {
  await onPage({ name: 'first-minute', isWelcomed: false, locale: 'en-GB' }, async (page) => {
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries())
          if (!hadRecentInput) window.shifts.push({ value, of: sources?.[0]?.node?.outerHTML?.slice(0, 80) });
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(site.url);
    await step(page, 0).waitFor();
    await lab.ready(page);
    const shifts = await page.evaluate(() => window.shifts);
    const moved = shifts.reduce((sum, { value }) => sum + value, 0);
    t.diagnostic(`moved while loading: ${moved.toFixed(4)}`);
    // What a browser calls good; a card that pushed the page down would be several times as much.
    assert.ok(moved < 0.1, JSON.stringify(shifts));
    assert.ok(await startIsFree(page), 'Start is covered');
    await assertHeldBack(page, 0);
    // The answer does not stand beside the question.
    const bars = page.locator('[data-testid="soft-targets"][data-role="teacher"]').first();
    await bars.waitFor({ state: 'attached' });
    assert.ok(await bars.isHidden());
    await page.locator('[data-kept-back]').waitFor();
    await page.locator('.choice', { hasText: '9' }).click();
    await goOn(page);
    await bars.waitFor();
    assert.equal(await page.locator('[data-kept-back]').count(), 0);
    await assertHeldBack(page, 1);
    await setTemperature(page, 4);
    await goOn(page);
    const [expected] = await page.evaluate(() => window.distillery.softTargets('teacher', 80, [1]));
    const other = expected.indexOf(Math.max(...expected.map((p, i) => (i === 7 ? 0 : p))));
    assert.equal(await page.locator('[data-fact="digit.other"]').textContent(), String(other));
    const cold = await page.locator('[data-fact="digit.other_share_at_1"]').textContent();
    assert.equal(cold, `${Number((expected[other] * 100).toPrecision(2))} %`);
    assert.equal(await page.locator('[data-came-true]').getAttribute('data-came-true'), String(other === 9));
    await goOn(page);
    await assertHeldBack(page, 3);
    // A short race in the place of one of half a minute; a link that names the lesson leaves it open.
    await page.evaluate((hash) => {
      location.hash = `${hash}&lesson=first-minute`;
    }, SHORT);
    await page.locator('main[data-links="2"], main[data-links="3"]').waitFor();
    await lab.ready(page);
    await lab.race(page);
    await goOn(page);
    const { models } = await lab.record(page);
    const verdict = await page.locator('[data-fact="race.verdict_words"]').textContent();
    assert.ok(verdict.includes(String(models.student.epochs.at(-1).errors)), verdict);
    await goOn(page);
    await aside(page).waitFor({ state: 'detached' });
    await page.goto(site.url);
    await page.reload();
    await lab.ready(page);
    assert.equal(await aside(page).count(), 0);
    await page.locator('[data-page="learn"]').click();
    const entry = page.locator('[data-open-lesson="first-minute"]');
    assert.equal(await entry.getAttribute('data-done'), 'true');
    await entry.click();
    await aside(page).waitFor();
  });
});

test('what is warmed while the page of a lesson still loads stays warm', async () => {
  await onPage({ name: 'lesson-early' }, async (page) => {
    const context = page.context();
    const [lessonComes, digitsCome] = [await hold(context, /soft-labels/), await hold(context, /train-0/)];
    await page.goto(`${site.url}#lesson=soft-labels&view.lang=en`);
    // Its settings come when the page has begun with others; what it shows is kept back until then.
    const bars = page.locator('[data-testid="soft-targets"][data-role="teacher"]').first();
    await bars.waitFor({ state: 'attached' });
    lessonComes();
    await step(page, 0).waitFor();
    await setTemperature(page, 4);
    digitsCome();
    await lab.ready(page);
    // The address follows what is set a moment later.
    const recipe = () => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('recipe'));
    for (let tries = 0; (await recipe()) === null && tries < 100; tries += 1) await page.waitForTimeout(50);
    assert.equal(await recipe(), readLesson('soft-labels').settings.recipe);
    assert.equal(await page.locator('.value', { hasText: 'T =' }).first().textContent(), 'T = 4.0');
  });
});

test('Start stands in the first screen, in the first minute and without it', async () => {
  const sizes = [
    [1440, 900],
    [1280, 800],
    [1024, 768],
    [375, 812],
  ];
  await onPage({ name: 'first-screen', isWelcomed: false, locale: 'en-GB' }, async (page) => {
    const assertInFirstScreen = async (state) => {
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        await page.evaluate(() => scrollTo(0, 0));
        const { y, height: tall } = await page.locator('[data-action="start"]').boundingBox();
        assert.ok(y >= 0 && y + tall <= height, `${state}: from ${y} to ${y + tall} at ${width} × ${height}`);
        const isFree = await page.evaluate(() => {
          const start = document.querySelector('[data-action="start"]');
          const box = start.getBoundingClientRect();
          return start.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
        });
        assert.ok(isFree, `${state}: covered at ${width} × ${height}`);
      }
    };
    await page.goto(site.url);
    await step(page, 0).waitFor();
    await lab.ready(page);
    await assertInFirstScreen('the question');
    await page.locator('.choice').first().click();
    await goOn(page);
    await step(page, 1).waitFor();
    await assertInFirstScreen('the bars');
    await page.locator('[data-lesson-action="close"]').click();
    await assertInFirstScreen('without a lesson');
  });
});

test('skipped, in a frame, or with a link that carries an experiment: it does not offer itself', async () => {
  await onPage({ name: 'not-offered', isWelcomed: false }, async (page) => {
    await lab.open(page, site, SHORT);
    assert.equal(await aside(page).count(), 0, 'a link with an experiment');
    const around = await serve({ pages: { '/around': frameAround(site.url) } });
    try {
      await page.goto(`${around.url}around`);
      const frame = page.frameLocator('iframe');
      await frame.locator('[data-action="start"][aria-disabled="false"]').waitFor();
      assert.equal(await frame.locator('aside[data-lesson]').count(), 0, 'a frame');
    } finally {
      await around.close();
    }
    await page.goto('about:blank');
    await page.goto(site.url);
    await page.locator('[data-lesson-action="close"]').click();
    await page.reload();
    await lab.ready(page);
    assert.equal(await aside(page).count(), 0, 'skipped');
  });
});

test('a browser that refuses storage: nothing offers itself, and a lesson works', async () => {
  const context = await launchWithStorage('refused');
  try {
    const page = await context.newPage();
    const noises = listen(page);
    await lab.open(page, site);
    assert.equal(await aside(page).count(), 0);
    await page.goto('about:blank');
    await lab.open(page, site, '#lesson=temperature');
    await step(page, 0).waitFor();
    await goOn(page);
    await step(page, 1).waitFor();
    assert.deepEqual(noises, []);
  } finally {
    await context.close();
  }
});

test('#lesson=nothing: the notice names it and the lessons that there are', async () => {
  await onPage({ name: 'unknown-lesson', isNew: true }, async (page) => {
    await lab.open(page, site, '#lesson=nothing');
    const line = await page.locator('[data-kind="refused"] li').textContent();
    for (const word of ['lesson', 'nothing', 'soft-labels', 'temperature'])
      assert.ok(line.includes(word), line);
    assert.equal(await aside(page).count(), 0);
  });
});

for (const [name, language] of WALKED) {
  test(`${name}, ${language}: every deed is missing before and there after`, async () => {
    await onPage({ name: `${name}-${language}`, isNew: true }, async (page) => {
      await lab.open(page, site, `#lesson=${name}&view.lang=${language}`);
      const compared = await walk(page, name, language, { deeds: deedsOf(name, shortRace) });
      assert.ok(compared > 2, `${compared} numbers worked out anew`);
      assert.equal(await page.locator('[data-kind="refused"]').count(), 0);
    });
  });
}

test('a lesson that was done is gone through anew, question by question', async () => {
  await onPage({ name: 'done before' }, async (page) => {
    // As of someone who has left it at its first question.
    await lab.open(page, site, '#lesson=first-minute');
    await page.locator('.choice').first().click();
    await goOn(page);
    assert.equal(await step(page, 1).getAttribute('data-met'), 'false');

    const last = readLesson('temperature').steps.length - 1;
    const done = { step: last, reached: last, done: true, answers: {}, kept: {} };
    const progress = JSON.stringify({ distillery: 'progress', version: 1, lessons: { temperature: done } });
    await page.goto('about:blank');
    await lab.open(page, site, `#lesson.progress=${encodeURIComponent(progress)}`);
    await page.locator('[data-page="learn"]').click();
    await page.locator('[data-open-lesson="temperature"][data-done="true"]').click();
    await step(page, last).waitFor();
    await page.locator('[data-lesson-action="restart"]').click();
    await goOn(page);
    await assertHeldBack(page, 1);
    await page.locator('.choice').first().click();
    await goOn(page);
    await assertHeldBack(page, 2);
    await setTemperature(page, 20);
    await goOn(page);
    await step(page, 3).waitFor();
  });
});

test('what a lesson hides and holds still changes nothing of what is computed', async () => {
  await onPage({ name: 'hidden', isNew: true }, async (page) => {
    const digests = [];
    for (const hash of ['', '#lesson=two-losses']) {
      await page.goto('about:blank');
      await lab.open(page, site, hash);
      if (hash !== '') {
        await step(page, 0).waitFor();
        assert.ok(await page.locator('#sweep').isHidden());
        assert.ok(await lab.field(page, 'seed').isDisabled());
      }
      digests.push(
        await page.evaluate(async (config) => (await window.distillery.run(config)).digest, SHORT_CONFIG),
      );
    }
    assert.equal(digests[1], digests[0]);
  });
});

test('progress goes along by link and by file; a lesson with a mistake is refused by step and field', async () => {
  await onPage({ name: 'progress', locale: 'en-GB' }, async (page) => {
    const done = { step: 3, reached: 8, done: true, answers: {}, kept: {} };
    const progress = JSON.stringify({ distillery: 'progress', version: 1, lessons: { temperature: done } });
    await lab.open(page, site, `#lesson.progress=${encodeURIComponent(progress)}`);
    await page.locator('[data-page="learn"]').click();
    assert.equal(await page.locator('[data-open-lesson="temperature"]').getAttribute('data-done'), 'true');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('[data-learn-action="save"]').click(),
    ]);
    const text = readFileSync(await saved.path(), 'utf8');
    assert.deepEqual(JSON.parse(text).lessons.temperature, done);
    const file = page.locator('[data-learn] input[type="file"]');
    const other = text.replaceAll('"temperature"', '"two-losses"');
    await file.setInputFiles({ name: 'p.json', mimeType: 'application/json', buffer: Buffer.from(other) });
    await page.locator('[data-open-lesson="two-losses"][data-done="true"]').waitFor();
    const lesson = readLesson('temperature');
    lesson.steps[2].until[0].fact = 'view.heat';
    const wrong = Buffer.from(JSON.stringify(lesson));
    await file.setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: wrong });
    const problem = await page.locator('[data-lesson-problems] li').textContent();
    for (const word of ['mine.json', 'step 3', 'until[0].fact', 'view.heat', 'view.t'])
      assert.ok(problem.includes(word), problem);
  });
});

for (const [name, options] of Object.entries({ wide: {}, phone: PHONE })) {
  test(`axe finds nothing in a lesson and in the list of them, and Start is free: ${name}`, async () => {
    await onPage({ name: `lesson-axe-${name}`, isNew: true, ...options }, async (page) => {
      await lab.open(page, site, '#lesson=two-losses');
      await step(page, 0).waitFor();
      assert.ok(await startIsFree(page), 'Start is covered');
      await goOn(page);
      await step(page, 1).waitFor();
      await assertAccessible(page, 'a prediction');
      const { wide, room } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }));
      assert.ok(wide <= room, `${wide} px wide in ${room} px`);
      await page.locator('.choice').first().click();
      await goOn(page);
      await page.locator('[data-lesson-action="hint"]').click();
      await assertAccessible(page, 'something to do, with a hint');
      await page.locator('[data-page="learn"]').click();
      await page.locator('[data-open-lesson]').first().waitFor();
      await assertAccessible(page, 'the list');
    });
  });
}

test('a lesson whose file cannot be had says so, hides no other, and comes when it is asked for again', async () => {
  const lacking = await serve({ laterDigits: false });
  lacking.missing = /^\/assets\/two-losses-/;
  await onPage({ name: 'lesson-missing', allowed: [/404/, /two-losses/] }, async (page) => {
    await lab.open(page, lacking);
    await page.locator('[data-page="learn"]').click();
    await page.locator('[data-not-loaded="two-losses"]').waitFor();
    await page.locator('[data-open-lesson="soft-labels"]').waitFor();
    assert.equal(await page.locator('[data-open-lesson="two-losses"]').count(), 0);
    lacking.missing = null;
    await page.locator('[data-not-loaded="two-losses"] button').click();
    await page.locator('[data-open-lesson="two-losses"]').click();
    await page.locator('aside[data-lesson="two-losses"] [data-lesson-action="next"]').waitFor();
  });
  await lacking.close();
});
