// Several seeds of a setting, and maps of two settings: numbers, verdict, reload, and a cell that becomes the setting.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { exported, open, ready, record, status } from './support/page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
/** An epoch of a few steps, measured on few digits. */
const TINY =
  '#recipe=first-race&transfer_set.digits=320&training.epochs=1&training.batch_size=64&data.evaluated=400&models.student.net.mlp.hidden=[12]&view.engine=cpu';
const TEMPERATURE = 'models.student.objective.temperature';
const WIDTH = 'models.student.net.mlp.hidden';
/** t that leaves 5 % on both sides, of 4 degrees of freedom. */
const T_OF_FIVE = 2.776445;

const { site, onPage } = await setUp();

const button = (page, name) => page.getByRole('button', { name, exact: true });
const parsed = (text) =>
  text
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const errorsOf = ({ record: { models } }, model) => models[model].epochs.at(-1).errors;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

test('five seeds in one press: every seed, the interval, the command line’s verdict, and all of it after a reload', async () => {
  await onPage({ name: 'seeds', isNew: true }, async (page) => {
    await open(page, site, TINY);
    const seeds = page.locator('[data-seeds]').first();
    await button(page, 'With 5 seeds').click();
    await page.locator('[data-seeds="running"]').waitFor();
    assert.equal(await button(page, 'Start').getAttribute('aria-disabled'), 'true');
    await page.locator('[data-seeds="finished"]').waitFor();
    const verdict = seeds.locator('[data-duel="student control"]');
    await verdict.waitFor();
    const lines = parsed(await exported(page, 'seeds'));
    assert.deepEqual(lines.map(({ cell }) => cell.seed).sort(), [1, 2, 3, 4, 5]);
    assert.ok(lines.every(({ record: { config } }) => config.data.evaluate_on === 'validation'));

    const shown = await seeds.textContent();
    for (const model of ['student', 'control']) {
      const errors = lines.map((line) => errorsOf(line, model));
      const reach = (T_OF_FIVE * deviation(errors)) / Math.sqrt(5);
      const [low, high] = [-reach, reach].map((end) => Math.round(mean(errors) + end));
      const numbers = `${mean(errors).toFixed(1)} ± ${deviation(errors).toFixed(1)}, mean within ${low} to ${high}`;
      assert.ok(shown.includes(numbers), `${numbers} in ${shown}`);
    }
    const pairs = lines.map(({ record: { comparisons } }) =>
      comparisons.find(({ a, b }) => [a, b].includes('student') && [a, b].includes('control')),
    );
    const median = pairs.map((pair) => pair.p_value).sort((one, other) => one - other)[2];
    const gains = lines.map((line) => errorsOf(line, 'control') - errorsOf(line, 'student'));
    const kind = median >= 0.05 ? 'same' : mean(gains) > 0 ? 'better' : 'worse';
    assert.equal(await verdict.getAttribute('data-kind'), kind);
    const told = await verdict.textContent();
    const word = { same: 'Inconclusive', better: 'Better', worse: 'Worse' }[kind];
    assert.ok(told.startsWith(`${word}: the student makes `), told);
    const gain = `${Math.abs(mean(gains)).toFixed(1)} ± ${deviation(gains).toFixed(1)} errors ${mean(gains) >= 0 ? 'fewer' : 'more'}`;
    assert.ok(told.includes(gain), `${gain} in ${told}`);
    assert.match(
      told,
      /of 5 seeds it cannot be less than 0\.063\..*\(80 % power\): (more than )?\d+ seeds\./,
    );

    const csv = (await exported(page, 'seeds-csv')).toString('utf8').trimEnd().split('\r\n');
    assert.match(csv[0], /^seed,evaluated,errors_student,errors_control,only_student_wrong_of_control/);
    const first = lines.find(({ cell }) => cell.seed === 1);
    assert.ok(
      csv[1].startsWith(`1,400,${errorsOf(first, 'student')},${errorsOf(first, 'control')},`),
      csv[1],
    );
    await seeds.locator('details').last().locator('summary').click();
    assert.equal(await seeds.locator('tbody tr').count(), 5);
    await assertAccessible(page, 'five seeds');

    await page.reload();
    await page.locator('[data-seeds="finished"]').waitFor();
    await verdict.waitFor();
    // One more seed is one more race.
    await page.locator('[data-seeds-count]').fill('6');
    await button(page, 'With 6 seeds').click();
    await seeds
      .getByRole('status')
      .filter({ hasText: /^6 seeds in / })
      .waitFor({ state: 'attached' });
    const more = parsed(await exported(page, 'seeds'));
    assert.deepEqual(new Set(more.slice(0, 5).map(JSON.stringify)), new Set(lines.map(JSON.stringify)));
    assert.deepEqual([more.length, more.at(-1).cell.seed], [6, 6]);
    await page.locator('[data-field="training.epochs"] input').first().fill('2');
    await seeds.getByText('Seeds of another setting').waitFor();
  });
});

test('a map that is stopped and reloaded is filled to its end; its cells say their numbers, and one becomes the setting', async () => {
  await onPage({ name: 'map', isNew: true, ...PHONE }, async (page) => {
    const choose = (name, value) => page.locator(`[data-sweep-field="${name}"]`).selectOption(value);
    const set = (name, value) => page.locator(`[data-sweep-field="${name}"]`).fill(value);
    const done = (standing = '') => page.locator(`[data-map-cell][data-mean]${standing}`);
    await open(page, site, TINY);
    await page.getByText('Set up a sweep').click();
    await choose('path', TEMPERATURE);
    await set('values', '1, 4, 16');
    await choose('second-path', WIDTH);
    await set('second-values', '4, 12, 24');
    await set('seeds', '1');
    await set('engines', '1');
    await page.getByText('9 races in all.').waitFor();
    await button(page, 'Start the sweep').click();
    await done().nth(1).waitFor();
    await page.locator('[data-action="sweep-stop"]').click();
    await page.locator('[data-sweep="stopped"]').waitFor();
    const before = parsed(await exported(page, 'sweep'));
    assert.ok(before.length >= 2 && before.length < 9, `${before.length} of 9 cells at the stop`);

    await page.reload();
    await ready(page);
    await page.getByText('Set up a sweep').click();
    await done()
      .nth(before.length - 1)
      .waitFor();
    await page.locator('[data-action="sweep-start"]').click();
    await page.locator('[data-sweep="finished"]').waitFor();
    const lines = parsed(await exported(page, 'sweep'));
    assert.deepEqual(lines.slice(0, before.length), before);
    assert.equal(lines.length, 9);
    const at = ({ cell }) => `${cell[TEMPERATURE]} ${cell[WIDTH][0]}`;
    for (const line of lines) {
      const cell = page.locator(`[data-map-cell="${at(line)}"]`);
      assert.equal(Number(await cell.getAttribute('data-mean')), errorsOf(line, 'student'));
    }
    const fewest = Math.min(...lines.map((line) => errorsOf(line, 'student')));
    const best = done('[data-standing="best"]');
    assert.equal(await best.count(), 1);
    assert.equal(Number(await best.getAttribute('data-mean')), fewest);
    // McNemar by hand between the best and another cell: tosses of a coin, of those digits that only the one gets wrong.
    const bestAt = await best.getAttribute('data-map-cell');
    const bestLine = lines.find((line) => at(line) === bestAt);
    for (const line of lines.filter((one) => one !== bestLine)) {
      const [ours, theirs] = [line, bestLine].map((one) => new Set(one.record.models.student.wrong));
      const only = (these, those) => [...these].filter((index) => !those.has(index)).length;
      const [b, c] = [only(ours, theirs), only(theirs, ours)];
      let [term, tail] = [0.5 ** (b + c), 0];
      for (let k = 0; k <= Math.min(b, c); k += 1) {
        tail += term;
        term *= (b + c - k) / (k + 1);
      }
      const standing = Math.min(1, 2 * tail) < 0.05 ? 'apart' : 'even';
      const cell = page.locator(`[data-map-cell="${at(line)}"]`);
      assert.equal(await cell.getAttribute('data-standing'), standing, at(line));
    }
    const csv = (await exported(page, 'map')).toString('utf8').trimEnd().split('\r\n');
    assert.equal(csv.length, 10);
    await assertAccessible(page, 'a whole map');
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(sideways <= 0, `${sideways} px beside the page`);

    // The same cells by what the student gains on the control: seed by seed, of the same races.
    await choose('map-against', 'control');
    const gainOf = (line) => errorsOf(line, 'control') - errorsOf(line, 'student');
    for (const line of lines) {
      const cell = page.locator(`[data-map-cell="${at(line)}"]`);
      assert.equal(Number(await cell.getAttribute('data-mean')), gainOf(line));
    }
    const largest = Math.max(...lines.map(gainOf));
    assert.equal(Number(await best.getAttribute('data-mean')), largest);
    const told = await page.locator('[data-map-sentence]').textContent();
    assert.match(
      told,
      /^The student gains most on the control at .*One seed tells no cells apart: run more\.$/,
    );
    const gains = (await exported(page, 'map')).toString('utf8').trimEnd().split('\r\n');
    assert.match(gains[0], /,model,against,fewer_errors_mean,fewer_errors_deviation,seeds,/);
    assert.equal(gains.length, 10);
    await assertAccessible(page, 'a map of gains');
    await choose('map-against', '');

    const first = page.locator('[data-map-cell="1 4"]');
    await first.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const middle = page.getByRole('button', {
      name: /^Temperature = 4, .* = 12: the student makes \d+ errors/,
    });
    assert.ok(await middle.evaluate((cell) => cell === document.activeElement));
    await page.locator('[data-map-cell="16 4"]').focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^The setting is now Temperature = 16, .* = 4; Start runs it\./).waitFor();
    await button(page, 'To the race').click();
    await page.locator('[data-action="start"]').click();
    await status(page, 'finished');
    const line = lines.find((one) => at(one) === '16 4');
    assert.equal((await record(page)).digest, line.record.digest);
  });
});

test('many races over seeds alone come to the same words as beside the verdict', async () => {
  await onPage({ name: 'seeds-alone', isNew: true }, async (page) => {
    await open(page, site, TINY);
    await page.getByText('Set up a sweep').click();
    await page.locator('[data-sweep-field="path"]').selectOption({ label: 'Nothing but the seed' });
    await page.locator('[data-sweep-field="seeds"]').fill('2');
    await button(page, 'Start the sweep').click();
    await page.locator('[data-sweep="finished"]').waitFor();
    await page.locator('[data-sweep] [data-duel="student control"]').waitFor();
    // Nothing was asked for beside the verdict.
    assert.equal(await page.locator('[data-seeds="ready"]').count(), 1);
  });
});
