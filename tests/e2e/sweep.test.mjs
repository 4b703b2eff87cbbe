// A sweep in the page: several engines at once, the same records as races alone, stop and go on, refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { exported, open, press, record } from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';

const { site, onPage } = await setUp();

const TEMPERATURE = 'models.student.objective.temperature';
const show = (page) => page.locator('[data-sweep] > summary').click();
const set = (page, field, value) => page.locator(`[data-sweep-field="${field}"]`).fill(String(value));
const reached = (page, state) => page.locator(`[data-sweep="${state}"]`).waitFor({ timeout: 120_000 });

async function lines(page) {
  const text = (await exported(page, 'sweep')).toString('utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('a sweep draws, says and saves what the same races alone come to', async () => {
  await onPage({ name: 'sweep' }, async (page) => {
    await open(page, site, SHORT);
    await show(page);
    await set(page, 'values', '2, 8');
    await set(page, 'seeds', 2);
    await set(page, 'engines', 2);
    await press(page, 'sweep-start');
    await reached(page, 'finished');
    const found = await lines(page);
    assert.deepEqual(found.map(({ cell }) => [cell[TEMPERATURE], cell.seed]).sort(), [
      [2, 1],
      [2, 2],
      [8, 1],
      [8, 2],
    ]);
    assert.equal(await page.locator('[data-chart="sweep"] svg g[aria-label="dot"]').count(), 2);
    const means = [2, 8].map((value) => {
      const own = found.filter(({ cell }) => cell[TEMPERATURE] === value);
      const errors = own.map((line) => line.record.models.student.epochs.at(-1).errors);
      return { value, mean: errors.reduce((sum, count) => sum + count, 0) / errors.length };
    });
    const fewest = means.reduce((best, one) => (one.mean < best.mean ? one : best));
    const sentence = await page.locator('[data-sweep-sentence]').textContent();
    assert.ok(
      sentence.includes(`= ${fewest.value}: ${fewest.mean.toFixed(1)} on average over 2 seeds, of 500`),
      sentence,
    );

    // One of them alone, in the page's own engine.
    const { cell, record: swept } = found[0];
    await page.goto('about:blank');
    await open(
      page,
      site,
      `${SHORT.replace('"test"', '"validation"')}&seed=${cell.seed}&${TEMPERATURE}=${cell[TEMPERATURE]}`,
    );
    await press(page, 'start');
    await page.locator('#race-bar[data-status="finished"]').waitFor({ timeout: 120_000 });
    assert.equal((await record(page)).digest, swept.digest);
  });
});

/** Eight temperatures under five seeds. */
const RACES = 8 * 5;

test('a sweep that is stopped keeps what is finished and goes on with the rest', async () => {
  await onPage({ name: 'sweep-stopped', isNew: true }, async (page) => {
    await open(page, site, SHORT);
    await show(page);
    await set(page, 'values', '2, 3, 4, 5, 6, 7, 8, 9');
    // Enough of them that a fast machine is not through before Stop is pressed.
    await set(page, 'seeds', 5);
    await set(page, 'engines', 1);
    await press(page, 'sweep-start');
    await page.locator('[data-export="sweep"]').waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('[data-action="start"]').getAttribute('aria-disabled'), 'true');
    await press(page, 'sweep-stop');
    await reached(page, 'stopped');
    const before = await lines(page);
    assert.ok(before.length >= 1 && before.length < RACES, `${before.length} of ${RACES} races at the stop`);
    await press(page, 'sweep-start');
    await reached(page, 'finished');
    const all = await lines(page);
    assert.deepEqual(all.slice(0, before.length), before);
    assert.equal(new Set(all.map(({ cell }) => JSON.stringify(cell))).size, RACES);
    assert.equal(await page.locator('[data-action="start"]').getAttribute('aria-disabled'), 'false');
  });
});

test('an engine that is killed costs its cell some time and nothing else', async () => {
  await onPage({ name: 'sweep-killed', isNew: true }, async (page) => {
    await open(page, site, SHORT);
    const sweeping = page.evaluate(
      ([config, path]) => window.distillery.sweep({ config, fields: { [path]: [2, 4, 8] }, seeds: 2 }, 2),
      [SHORT_CONFIG, TEMPERATURE],
    );
    await page.locator('[data-sweep="running"]').waitFor({ state: 'attached' });
    await page.waitForFunction(() => document.querySelector('[data-export="sweep"]'));
    const workers = page.workers();
    // The last one made is one of the sweep's.
    await workers.at(-1).evaluate(() => self.close());
    const found = await sweeping;
    assert.equal(found.length, 6);
    assert.equal(new Set(found.map((line) => line.record.digest)).size, 6);
  });
});

test('what cannot be swept is refused by name, before anything runs', async () => {
  await onPage({ name: 'sweep-refused', isNew: true }, async (page) => {
    await open(page, site, SHORT);
    await show(page);
    await set(page, 'values', '2, many');
    assert.match(await page.locator('[data-sweep]').textContent(), /“2, many” is not a list of numbers/);
    assert.equal(await page.locator('[data-action="sweep-start"]').getAttribute('aria-disabled'), 'true');
    await set(page, 'values', '2, -3');
    await press(page, 'sweep-start');
    const told = page.locator('[data-sweep] [role="alert"]');
    await told.waitFor();
    assert.match(await told.textContent(), /models\.student\.objective\.temperature.*-3/s);
    const refused = await page.evaluate(
      (config) =>
        window.distillery.sweep({ config, fields: { seed: [1] }, seeds: 1 }, 1).catch((reason) => reason),
      SHORT_CONFIG,
    );
    assert.deepEqual([refused.code, refused.problems[0].path], ['config_invalid', 'seed']);
    const engines = await page.evaluate(
      (config) => window.distillery.sweep({ config, fields: {}, seeds: 1 }, 99).catch((reason) => reason),
      SHORT_CONFIG,
    );
    assert.equal(engines.problems[0].path, 'engines');
  });
});
