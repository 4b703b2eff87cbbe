// What a class needs: a sheet to hand in that prints on two pages at most, and a page that is read from the back of a room.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const BEAMER = { viewport: { width: 1280, height: 720 } };
const MOST_PAGES = 2;
const { site, onPage } = await setUp({ site: { laterDigits: false } });

const sheet = (page) => page.locator('[data-sheet]');
const next = (page) => page.locator('[data-lesson-action="next"][aria-disabled="false"]').click();
const same = (words) => ({ en: words, zh: `${words}（中文）` });

/** A lesson with two predictions about a race, both revealed, the second at its end. */
const LESSON = {
  title: same('Two guesses'),
  claim: same('A guess is worth more when it is written down.'),
  minutes: 5,
  settings: { recipe: 'first-race' },
  steps: [
    {
      kind: 'predict',
      name: 'way',
      text: same('Is the slider above 2?'),
      choices: [
        { text: same('Yes, above'), when: [{ fact: 'view.t', above: 2 }] },
        { text: same('No, below'), when: [{ fact: 'view.t', at_most: 2 }] },
      ],
    },
    { kind: 'reveal', of: 'way', text: same('It is {view.t}.') },
    {
      kind: 'predict',
      name: 'errors',
      text: same('How many errors will the student make?'),
      number: { min: 0, max: 500, measured: 'race.errors.student' },
    },
    { kind: 'do', text: same('Start.'), until: [{ fact: 'race.complete', is: true }] },
    { kind: 'reveal', of: 'errors', text: same('{race.errors.student}.') },
  ],
};
const DATA = deflateRawSync(JSON.stringify(LESSON)).toString('base64url');

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

/** Pages of the sheet on paper. */
async function pagesOf(page, format) {
  const pdf = await page.pdf({
    format,
    margin: { top: '12mm', bottom: '12mm', left: '14mm', right: '14mm' },
  });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
}

test('from a lesson’s end: predictions with what came of them, the race, its seed and digest, on two pages at most', async (t) => {
  await onPage({ name: 'sheet', locale: 'en-GB', isNew: true }, async (page) => {
    await lab.open(page, site, `${SHORT}&lesson.data=${DATA}&view.t=4&seed=7`);
    await page.locator('.choice', { hasText: 'below' }).click();
    await next(page);
    await next(page);
    // What was revealed stays so, whatever is looked at afterwards.
    await page.locator('[data-testid="temperature"]').focus();
    await page.keyboard.press('Home');
    await page.locator('[data-prediction] input').fill('123');
    await next(page);
    await lab.race(page);
    await next(page);
    const { digest, models } = await lab.record(page);
    await page.locator('[data-lesson-action="sheet"]').click();
    await sheet(page).waitFor();
    const told = await sheet(page).locator('[data-prediction-of]').allTextContents();
    assert.match(told[0], /No, below.*Yes, above/s);
    assert.match(told[1], new RegExp(`123.*${models.student.epochs.at(-1).errors}`, 's'));
    const words = await sheet(page).textContent();
    for (const word of ['Two guesses', 'Seed 7', digest]) assert.ok(words.includes(word), word);
    assert.ok((await sheet(page).locator('[data-testid="sheet-differences"] tbody tr').count()) >= 4);
    await sheet(page).getByLabel('Name').fill('Ada');
    await assertAccessible(page, 'a sheet');
    for (const format of ['A4', 'Letter']) {
      const pages = await pagesOf(page, format);
      t.diagnostic(`${format}: ${pages} pages`);
      assert.ok(pages <= MOST_PAGES, `${pages} pages of ${format}`);
    }
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('header').first().isVisible(), false);
    assert.equal(await page.locator('aside').isVisible(), false);
    await page.emulateMedia({ media: 'screen' });
    // Finished and closed, the lesson is still the sheet's.
    await next(page);
    await page.locator('aside').waitFor({ state: 'detached' });
    assert.match(await sheet(page).textContent(), /Two guesses/);
  });
});

test('from the exports of a race, in Chinese and dark, without a lesson: the same on paper', async () => {
  await onPage({ name: 'sheet-zh' }, async (page) => {
    await lab.open(page, site, `${SHORT}&view.lang=zh&view.theme=dark`);
    await lab.race(page);
    await page.locator('[data-export="sheet"]').click();
    await sheet(page).waitFor();
    assert.match(await sheet(page).textContent(), /作业单.*学生/s);
    assert.equal(await sheet(page).locator('[data-testid="sheet-predictions"]').count(), 0);
    await page.emulateMedia({ media: 'print' });
    const { ink, ground } = await page.evaluate(() => ({
      ink: getComputedStyle(document.querySelector('[data-sheet]')).color,
      ground: getComputedStyle(document.body).backgroundColor,
    }));
    assert.deepEqual([ink, ground], ['rgb(28, 30, 33)', 'rgb(255, 255, 255)'], 'black on white');
    await page.emulateMedia({ media: 'screen' });
    assert.ok((await pagesOf(page, 'A4')) <= MOST_PAGES);
  });
});

test('a projector shows one section in larger type; the address has it, and what leads elsewhere leads there', async () => {
  await onPage({ name: 'projector', locale: 'en-GB', ...BEAMER }, async (page) => {
    await lab.open(page, site, SHORT);
    const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
    const visible = () =>
      page
        .locator('main section[aria-labelledby$="-title"] > h2')
        .evaluateAll((all) => all.filter((one) => one.offsetParent !== null).map(({ id }) => id));
    const before = await size();
    await page.getByRole('button', { name: 'Projector' }).click();
    assert.ok((await size()) > 1.3 * before);
    assert.deepEqual(await visible(), ['see-title']);
    await page.locator('[data-panel="race"]').click();
    assert.deepEqual(await visible(), ['race-title']);
    await page.waitForFunction(() => location.hash.includes('view.projector=race'));
    await assertAccessible(page, 'a projected race');
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    assert.ok(wide <= room, `${wide} px wide in ${room} px`);
    await page.reload();
    await lab.ready(page);
    assert.deepEqual(await visible(), ['race-title']);
    // A lesson leads to a section, and hides one.
    await page.evaluate(() => {
      location.hash = '#lesson=temperature&view.projector=try';
    });
    await page.locator('[data-step="0"]').waitFor();
    assert.deepEqual(await visible(), ['see-title'], 'the lesson hides what was asked for');
    await page.locator('[data-panel="race"]').click();
    await next(page);
    await page.locator('.choice').first().click();
    await next(page);
    await page.locator('[data-lesson-action="lead"]').click();
    assert.deepEqual(await visible(), ['see-title']);
    await page.getByRole('button', { name: 'Projector' }).click();
    assert.ok((await visible()).length > 1);
  });
});
