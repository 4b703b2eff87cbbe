// Kept runs: what a race leaves behind, in this visit and the next; named, found, overlaid, compared, taken away and brought back.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const MOST_RUNS = 500;
/** What a table of so many runs may take from a press to the next frame, on a machine that does other things as well. */
const QUICK_MS = 3_000;
const { site, onPage } = await setUp({ site: { laterDigits: false } });
const folder = mkdtempSync(join(tmpdir(), 'distillery-runs-'));
after(() => rmSync(folder, { recursive: true }));

const runs = (page) => page.locator('[data-testid="runs"]');
const row = (page, name) => runs(page).locator(`[data-run-name="${name}"]`);
const names = (page) =>
  runs(page)
    .locator('[data-run-name]')
    .evaluateAll((rows) => rows.map(({ dataset }) => dataset.runName));
const counted = (page, count) =>
  runs(page).locator(`.panel[data-open="true"][data-count="${count}"]`).waitFor();
const found = (page, count) => runs(page).locator(`[data-rows="${count}"]`).waitFor();
/** To the page of runs, and until the address says so, a moment later. */
async function toRuns(page) {
  await page.locator('nav [data-page="runs"]').click();
  await page.waitForURL(/view\.page=runs/);
}
const toLab = (page) => page.locator('nav [data-page="lab"]').click();

/** Trains a race and answers its record. */
async function trained(page, hash) {
  await lab.open(page, site, hash);
  await lab.race(page);
  return lab.record(page);
}

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run();
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

async function assertFitsSideways(page) {
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= room, `${wide} px wide in ${room} px`);
}

async function imported(page, path) {
  await runs(page).locator('[data-testid="runs-import"]').setInputFiles(path);
  return runs(page).locator('[data-testid="runs-told"], [data-testid="runs-refused"]').first().textContent();
}

test('a race is kept with its name, its note and what it changed; renamed, found, deleted and back, in this visit and the next', async () => {
  await onPage({ name: 'runs', isNew: true }, async (page) => {
    await lab.open(page, site, `${SHORT}&models.student.objective.temperature=8`);
    await page.locator('[data-testid="next-note"]').fill('softer is better?');
    await lab.race(page);
    const record = await lab.record(page);
    assert.equal(await page.locator('[data-testid="next-note"]').inputValue(), '');
    await toRuns(page);
    await counted(page, 1);
    const [name] = await names(page);
    assert.ok(/^.+ · .+/.test(name), name);
    const change = row(page, name).locator('[data-change="models.student.objective.temperature"]');
    assert.ok((await change.textContent()).replaceAll(/\s+/g, ' ').includes('4 → 8'));
    const { errors } = record.models.student.epochs.at(-1);
    const told = await row(page, name).locator('[data-result="student"]').textContent();
    assert.ok(told.includes(` ${errors} `), `${told} has ${errors}`);
    assert.ok((await row(page, name).textContent()).includes('softer is better?'));

    // The next race leaves the last one's results alone; so does the next visit.
    await toLab(page);
    await page.locator('[data-field="training.epochs"] input').first().fill('1');
    await page.keyboard.press('Tab');
    await lab.race(page);
    await toRuns(page);
    await counted(page, 2);
    await page.reload();
    await counted(page, 2);
    assert.equal((await names(page)).length, 2);
    assert.ok((await names(page)).includes(name));

    await row(page, name).locator('[data-action="edit-run"]').click();
    await page.locator('[data-testid="run-name"]').fill('Soft at eight');
    await page.locator('[data-testid="run-note"]').fill('no better');
    await page.keyboard.press('Tab');
    await page.locator('[data-action="save-run"]').press('Enter');
    await row(page, 'Soft at eight').waitFor();
    await row(page, 'Soft at eight').locator('[data-action="pin-run"][aria-pressed="false"]').click();
    await row(page, 'Soft at eight').locator('[data-action="pin-run"][aria-pressed="true"]').waitFor();
    assert.equal((await names(page))[0], 'Soft at eight', 'pinned ones come first');

    await page.locator('[data-testid="runs-search"]').fill('BETTER eight');
    await found(page, 1);
    await page.locator('[data-testid="runs-search"]').fill('no such word');
    await runs(page).locator('.empty').waitFor();
    await page.locator('[data-testid="runs-search"]').fill('');
    await found(page, 2);

    // Against the pinned one.
    const other = (await names(page))[1];
    await page.locator('[data-testid="runs-baseline"]').selectOption({ label: 'Soft at eight' });
    await row(page, other).locator('[data-change="training.epochs"]').waitFor();
    assert.equal(await row(page, other).locator('[data-change]').count(), 1);
    assert.equal(await row(page, 'Soft at eight').locator('[data-change]').count(), 0);

    await row(page, 'Soft at eight').locator('[data-action="delete-run"]').click();
    await found(page, 1);
    await runs(page).locator('[data-action="undo-delete"]').click();
    await found(page, 2);
    await page.reload();
    await counted(page, 2);
    assert.ok((await row(page, 'Soft at eight').textContent()).includes('no better'));

    // Back into the lab, with its note.
    await row(page, 'Soft at eight').locator('[data-action="open-run"]').click();
    await page.locator('[data-testid="run-source"][data-source]').waitFor();
    assert.equal(await page.locator('[data-testid="next-note"]').inputValue(), 'no better');
    await page.waitForURL(/objective\.temperature=8/);
    assert.equal(await lab.field(page, 'training.epochs').inputValue(), '2');
  });
});

test('two runs in one chart, field by field and digit by digit; all of them taken away as a file and brought back', async () => {
  await onPage({ name: 'runs-compared', isNew: true }, async (page) => {
    const a = await trained(page, SHORT);
    const b = await trained(page, `${SHORT}&seed=9`);
    await toRuns(page);
    await counted(page, 2);
    const [second, first] = await names(page);
    await row(page, first).locator('input[type="checkbox"]').check();
    await row(page, second).locator('input[type="checkbox"]').check();
    const models = Object.keys(a.models);
    await runs(page)
      .locator(`[data-testid="runs-chart"][data-lines="${2 * models.length}"]`)
      .waitFor();
    assert.equal(
      await runs(page).locator('[data-testid="runs-chart"] svg [aria-label="line"]').count(),
      2 * models.length,
    );
    const { errors } = b.models.student.epochs.at(-1);
    assert.ok(
      (await runs(page).locator('[data-line="B student"]').textContent()).includes(`${errors} errors`),
    );

    const compared = runs(page).locator('[data-testid="runs-comparison"]');
    assert.equal(await compared.locator('[data-field-difference]').count(), 1);
    assert.equal(
      (await compared.locator('[data-field-difference="seed"] td').allTextContents()).join(' '),
      `${a.config.seed} 9`,
    );
    const wrong = { a: new Set(a.models.student.wrong), b: new Set(b.models.student.wrong) };
    const onlyA = [...wrong.a].filter((digit) => !wrong.b.has(digit)).length;
    const onlyB = [...wrong.b].filter((digit) => !wrong.a.has(digit)).length;
    const student = compared.locator('[data-compared="student"]');
    const words = await student.locator('[data-testid="compared-digits"]').textContent();
    assert.ok(words.includes(`${onlyA} digits are wrong in A alone, ${onlyB} in B alone`), words);
    await student.locator('summary').click();
    await student.locator(`[data-wrong-only="A"] canvas[role="img"]`).first().waitFor();
    // The same teacher makes the same errors.
    assert.ok((await compared.locator('[data-compared="teacher"]').textContent()).includes('0 in B alone'));
    await assertAccessible(page, 'two runs compared');

    const before = await lab.exported(page, 'runs');
    await runs(page).locator('[data-testid="choose-all"]').check();
    await runs(page).locator('[data-action="delete-chosen"]').click();
    await counted(page, 0);
    await page.reload();
    await counted(page, 0);
    const file = join(folder, 'all.json');
    writeFileSync(file, before);
    await imported(page, file);
    await counted(page, 2);
    assert.deepEqual((await lab.exported(page, 'runs')).toString(), before.toString());
    assert.ok((await imported(page, file)).includes('2 were here already'));
    await counted(page, 2);
  });
});

test('a record of the command line is opened as the same run; a bad file is refused by the name of what is wrong', async () => {
  await onPage({ name: 'runs-files', isNew: true }, async (page) => {
    const here = await trained(page, SHORT);
    const [config, out] = [join(folder, 'config.json'), join(folder, 'from the shell.json')];
    writeFileSync(config, JSON.stringify(here.config));
    execFileSync(join(ROOT, 'build/distillery'), ['run', config, '--out', out, '--shut'], { cwd: ROOT });
    await toRuns(page);
    await counted(page, 1);
    assert.ok((await imported(page, out)).includes('1 runs added'));
    await counted(page, 2);
    const record = JSON.parse(readFileSync(out, 'utf8'));
    const { errors } = record.models.student.epochs.at(-1);
    const opened = row(page, 'from the shell');
    assert.ok((await opened.locator('[data-result="student"]').textContent()).includes(` ${errors} `));
    assert.ok((await opened.textContent()).includes(record.environment.target));
    // The same config: the same recipe, the same changes.
    const other = (await names(page)).find((name) => name !== 'from the shell');
    const changes = (name) =>
      row(page, name)
        .locator('[data-change]')
        .evaluateAll((all) => all.map(({ dataset }) => dataset.change));
    assert.deepEqual(await changes('from the shell'), await changes(other));

    const bad = async (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return imported(page, path);
    };
    assert.ok((await bad('a.json', '{"config":')).includes('no JSON file'));
    assert.ok((await bad('b.json', '[]')).includes('neither a file of runs nor a run’s record'));
    const broken = structuredClone(record);
    delete broken.models.student.wrong;
    assert.ok((await bad('c.json', JSON.stringify(broken))).includes('models.student.wrong'));
    broken.models.student.wrong = [];
    broken.config.training.epochs = -1;
    const words = await bad('d.json', JSON.stringify(broken));
    assert.ok(words.includes('training.epochs') && words.includes('-1'), words);
    await counted(page, 2);
    await page.getByRole('button', { name: '中文' }).click();
    assert.ok((await bad('b.json', '[]')).includes('未能打开'));
  });
});

test('a stopped race is kept, and one that a reset cuts short', async () => {
  await onPage({ name: 'runs-ended', isNew: true }, async (page) => {
    const long = SHORT.replace('training.epochs=2', 'training.epochs=500');
    await lab.open(page, site, long);
    for (const way of ['stop', 'reset']) {
      await lab.press(page, 'start');
      await page.waitForFunction(() =>
        /poch [2-9]|poch \d\d/.test(document.querySelector('#race-bar').textContent),
      );
      await lab.press(page, way);
      await lab.status(page, way === 'stop' ? 'finished' : 'ready');
    }
    await toRuns(page);
    await counted(page, 2);
    const [cut, stopped] = await runs(page).locator('.facts').allTextContents();
    assert.ok(stopped.endsWith('stopped') && cut.endsWith('cut short'), `${stopped}, ${cut}`);
    await page.reload();
    await counted(page, 2);
  });
});

test('a browser that refuses its database is told of once, and the page works', async () => {
  await onPage({ name: 'runs-refused', isNew: true }, async (page) => {
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('made by the test', 'SecurityError');
      };
    });
    await trained(page, SHORT);
    await page.locator('[data-kind="runs_not_kept"]').waitFor();
    await lab.race(page);
    await toRuns(page);
    await counted(page, 2);
    assert.equal(await page.locator('[data-kind="runs_not_kept"]').count(), 1);
    for (const name of await names(page)) await row(page, name).locator('input[type="checkbox"]').check();
    await runs(page).locator('[data-testid="runs-comparison"]').waitFor();
    const file = JSON.parse((await lab.exported(page, 'runs')).toString());
    assert.equal(file.runs.length, 2);
  });
});

test('five hundred runs are there at once, on a phone as well, without a fault for axe, in Chinese and dark', async () => {
  await onPage({ name: 'runs-many', isNew: true, ...PHONE }, async (page) => {
    const record = await trained(page, SHORT);
    const told = (i) => ({
      ...{ id: `run-${i}`, name: `Run ${i}`, note: i % 2 ? '' : 'even', isPinned: i === 7, elapsedMs: 1000 },
      ...{ endedAt: 1_750_000_000_000 + i, ending: 'finished', recipe: 'first-race' },
      record: { ...record, config: { ...record.config, seed: i } },
    });
    const path = join(folder, 'many.json');
    const all = Array.from({ length: MOST_RUNS - 1 }, (_, i) => told(i + 1));
    writeFileSync(path, JSON.stringify({ format: 'distillery-runs', version: 1, runs: all }));
    await toRuns(page);
    await counted(page, 1);
    await imported(page, path);
    await counted(page, MOST_RUNS);
    await toLab(page);
    const { took, begun } = await page.evaluate(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const begun = performance.now();
      document.querySelector('nav [data-page="runs"]').click();
      while (!document.querySelector('[data-testid="runs-table"]')) await frame();
      await frame();
      return { took: performance.now() - begun, begun };
    });
    console.log(`${MOST_RUNS} runs on show after ${Math.round(took)} ms`);
    assert.ok(took < QUICK_MS, `${took} ms`);
    await page.waitForFunction(
      (count) => document.querySelectorAll('[data-run-name]').length === count,
      MOST_RUNS,
    );
    console.log(`all rows after ${Math.round((await page.evaluate(() => performance.now())) - begun)} ms`);
    assert.equal((await names(page))[0], 'Run 7', 'the pinned one');
    const searched = await page.evaluate(async () => {
      const begun = performance.now();
      const input = document.querySelector('[data-testid="runs-search"]');
      input.value = 'even seed 49';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - begun;
    });
    console.log(`found after ${Math.round(searched)} ms`);
    assert.ok(searched < QUICK_MS, `${searched} ms`);
    // 49, 490 to 498 and 149, 249, … have it; those with an even number are noted as such.
    await found(page, 5);
    await assertFitsSideways(page);
    await assertAccessible(page, 'on a phone');
    await page.getByRole('button', { name: '中文' }).click();
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'dark';
    });
    for (const box of (await runs(page).locator('tbody input[type="checkbox"]').all()).slice(0, 2))
      await box.check();
    await runs(page).locator('[data-testid="runs-comparison"]').waitFor();
    await assertFitsSideways(page);
    await assertAccessible(page, 'two runs on a phone, Chinese and dark');
  });
});

/** How many epochs are kept of the race under way. */
const epochsKept = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('distillery-unfinished');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const asked = opening.result.transaction('races').objectStore('races').getAll();
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        opening.result.close();
        resolve(asked.result[0]?.epochs ?? 0);
      };
    };
  });

async function until(page, isWanted) {
  for (let tries = 0; !isWanted(await page.evaluate(epochsKept)); tries += 1) {
    assert.ok(tries < 500, 'what is kept of the race');
    await page.waitForTimeout(20);
  }
}

test('a race that a reload breaks off goes on from its last epoch at a press, to the same digest', async () => {
  const config = {
    version: 1,
    data: { evaluated: 500 },
    transfer_set: { digits: 2000 },
    training: { epochs: 60, batch_size: 16 },
    models: { control: { net: { mlp: { hidden: [64] } } } },
  };
  await onPage({ name: 'reloaded' }, async (page) => {
    await lab.open(page, site);
    await lab.ready(page);
    const whole = await page.evaluate((wanted) => window.distillery.run(wanted), config);
    // That one has ended, and is no longer kept.
    await until(page, (epochs) => epochs === 0);
    await page.evaluate((wanted) => void window.distillery.run(wanted).catch(() => undefined), config);
    await until(page, (epochs) => epochs > 0);
    await page.reload();
    const left = page.locator('[data-kind="unfinished"]');
    await left.waitFor();
    assert.match(await left.textContent(), /epoch [1-9]\d* of 60/);
    // Nothing trains without a press.
    assert.equal(await page.evaluate(() => window.distillery.record()), null);
    await left.getByRole('button', { name: 'Go on' }).click();
    await page.locator('[data-export="record"]').waitFor();
    assert.equal((await lab.record(page)).digest, whole.digest);
    await page.reload();
    await lab.ready(page);
    await page.waitForTimeout(500);
    assert.equal(await left.count(), 0);
  });
});
