// Errors against size: the plot, its table, its keyboard, and a trained model made smaller by sliders.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const { site, onPage } = await setUp({ site: { laterDigits: false } });

const same = { net: { same_as: 'dense' } };
const copy = (frozen) => ({ derive: { from: 'dense', by: 'copy', frozen } });
const taught = { learns_from: [{ model: 'dense' }], objective: { hard_weight: 0.1 } };
const tenth = { compress: [{ prune: { kept: 0.1 } }] };

const CONFIG = {
  version: 1,
  seed: 3,
  data: { evaluated: 500, evaluate_on: 'test' },
  transfer_set: { digits: 640 },
  training: { epochs: 2, batch_size: 64, learning_rate: 0.003 },
  models: {
    dense: { net: { mlp: { hidden: [20] } } },
    eight: { ...same, init: copy(true), compress: [{ quantise: { bits: 8 } }] },
    pruned: { ...same, init: copy(false), ...tenth },
    heard: { ...same, init: copy(false), ...taught, ...tenth },
    narrow: { net: { mlp: { hidden: [8] } }, init: { derive: { from: 'dense', by: 'strongest_units' } } },
  },
};
const NAMES = Object.keys(CONFIG.models);

const shelf = (page) => page.locator('[data-testid="shelf"]');
const mark = (page, model) => shelf(page).locator(`[data-mark="${model}"]`);
const words = (count) => new Intl.NumberFormat('en').format(count);
const number = (text) => Number(text.replaceAll(',', ''));

/** Trains the config and answers its record; marks are there before it is done. */
async function trained(page) {
  await lab.open(page, site);
  const record = await page.evaluate(async (config) => {
    await window.distillery.ready;
    return window.distillery.run(config);
  }, CONFIG);
  await mark(page, 'narrow').waitFor();
  return record;
}

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run(document.querySelector('[data-testid="shelf"]'));
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

/** The models that no other of the record beats, by a size. */
function unbeaten(record, sizeOf) {
  const all = NAMES.map((name) => ({
    name,
    size: sizeOf(record.costs[name]),
    errors: record.models[name].epochs.at(-1).errors,
  }));
  const beats = (a, b) =>
    a.size <= b.size && a.errors <= b.errors && (a.size < b.size || a.errors < b.errors);
  return all.filter((one) => !all.some((other) => beats(other, one))).map(({ name }) => name);
}

const onFrontier = (page) =>
  shelf(page)
    .locator('[data-frontier]')
    .evaluateAll((marks) => marks.map(({ dataset }) => dataset.mark));

test('every model is a mark where its file and its errors put it, and the table has the record’s numbers', async () => {
  await onPage({ name: 'shelf' }, async (page) => {
    const record = await trained(page);
    const places = {};
    for (const model of NAMES) {
      const { x, y, width } = await mark(page, model).boundingBox();
      places[model] = { x: x + width / 2, y };
    }
    const { costs, models } = record;
    const byBytes = [...NAMES].sort((a, b) => costs[a].stored.file_bytes - costs[b].stored.file_bytes);
    assert.deepEqual(
      [...NAMES].sort((a, b) => places[a].x - places[b].x),
      byBytes,
    );
    const errors = (model) => models[model].epochs.at(-1).errors;
    for (const a of NAMES)
      for (const b of NAMES)
        if (errors(a) < errors(b)) assert.ok(places[a].y > places[b].y, `${a} below ${b}`);
    // Log axes: places apart are as logarithms of bytes apart.
    const log = (model) => Math.log(costs[model].stored.file_bytes);
    const scale = (places.dense.x - places.eight.x) / (log('dense') - log('eight'));
    const expected = places.eight.x - scale * (log('eight') - log('pruned'));
    assert.ok(Math.abs(places.pruned.x - expected) < 1, `${places.pruned.x} is ${expected}`);
    assert.deepEqual(
      (await onFrontier(page)).sort(),
      unbeaten(record, ({ stored }) => stored.file_bytes).sort(),
    );

    await shelf(page).locator('[data-testid="shelf-table"] summary').click();
    for (const model of NAMES) {
      const cells = await shelf(page).locator(`[data-shelf="${model}"] td`).allTextContents();
      const { stored, multiply_adds } = costs[model];
      const [told, , bytes, , nonzero, all, effective] = cells;
      assert.deepEqual(
        [told, bytes, nonzero, all, effective].map(number),
        [errors(model), stored.file_bytes, stored.nonzero, multiply_adds, stored.effective_multiply_adds],
        model,
      );
      // A browser's gzip need not be node's to the byte.
      const packed = Number(
        await shelf(page).locator(`[data-shelf="${model}"] [data-gzip]`).getAttribute('data-gzip'),
      );
      const wanted = gzipSync(await lab.exported(page, model)).length;
      assert.ok(Math.abs(packed / wanted - 1) < 0.02, `${model}: ${packed}, ${wanted}`);
    }
    assert.ok(
      (await shelf(page).locator('[data-shelf="heard"]').textContent()).includes('pruned to 10%'),
      'how it was made',
    );
    const tree = await page.locator('[data-made="heard"]').textContent();
    assert.equal(tree, 'pruned to 10%');
    const csv = (await lab.exported(page, 'measures')).toString('utf8').split('\r\n');
    const last = csv.findLast((line) => line.startsWith('heard,')).split(',');
    assert.equal(Number(last[csv[0].split(',').indexOf('file_bytes')]), costs.heard.stored.file_bytes);
    await assertAccessible(page, 'after a race');
  });
});

test('arrow keys go from mark to mark, Enter takes one to the explorer, and another measure moves them', async () => {
  await onPage({ name: 'shelf-keys' }, async (page) => {
    const record = await trained(page);
    const { costs, models } = record;
    const sentence = shelf(page).locator('[data-testid="shelf-sentence"]');
    const list = shelf(page).getByRole('listbox');
    await list.focus();
    await page.keyboard.press('Home');
    const bySize = [...NAMES].sort((a, b) => costs[a].stored.file_bytes - costs[b].stored.file_bytes);
    for (const model of bySize) {
      const text = await sentence.textContent();
      assert.equal(await sentence.getAttribute('data-model'), model);
      const { errors, evaluated } = models[model].epochs.at(-1);
      assert.ok(text.includes(`${words(errors)} errors of ${words(evaluated)}`), text);
      const active = await list.getAttribute('aria-activedescendant');
      assert.equal(await page.locator(`[id="${active}"]`).getAttribute('data-mark'), model);
      await page.keyboard.press('ArrowRight');
    }
    // The one that is the same without its teacher is told with it.
    await page.keyboard.press('Home');
    while ((await sentence.getAttribute('data-model')) !== 'heard') await page.keyboard.press('ArrowRight');
    const twin = models.pruned.epochs.at(-1).errors;
    assert.ok((await sentence.textContent()).includes(`without a teacher, pruned: ${words(twin)} errors`));
    await page.keyboard.press('Enter');
    assert.equal(await mark(page, 'heard').getAttribute('aria-selected'), 'true');
    assert.equal(
      await page.locator('.tree li[data-model="heard"] button').getAttribute('aria-pressed'),
      'true',
    );
    const explorer = page.locator('[data-testid="explorer"]');
    await explorer.locator('[data-testid="soft-targets"][data-model="heard"]').first().waitFor();
    await shelf(page).locator('[data-action="show-model"]').click();
    await page.waitForFunction(() => document.activeElement?.closest('#explorer') !== null);

    await shelf(page).locator('[data-testid="shelf-measure"]').selectOption('multiply_adds');
    await page.locator('[data-chart="shelf"][data-measure="multiply_adds"]').waitFor();
    assert.deepEqual(
      (await onFrontier(page)).sort(),
      unbeaten(record, ({ multiply_adds }) => multiply_adds).sort(),
    );
    await shelf(page).locator('[data-testid="shelf-measure"]').selectOption('microseconds');
    assert.equal(await shelf(page).locator('[data-mark]').count(), NAMES.length);
  });
});

test('sliders tell at once what a model would be: what a derived and frozen one is, and no more than a mask leaves', async () => {
  await onPage({ name: 'shelf-what-if', ...PHONE }, async (page) => {
    const { costs, models } = await trained(page);
    const part = shelf(page).locator('[data-testid="what-if"]');
    await part.locator('summary').click();
    const set = (name, value) => part.locator(`[data-testid="what-if-${name}"]`).fill(String(value));
    const told = async (errors, bytes) =>
      part.locator(`xpath=self::*[@data-errors="${errors}"][@data-bytes="${bytes}"]`).waitFor();
    const errors = (model) => models[model].epochs.at(-1).errors;
    await told(errors('dense'), costs.dense.stored.file_bytes);
    // The second position of bits is eight: just what the model `eight` is.
    await set('bits', 1);
    await told(errors('eight'), costs.eight.stored.file_bytes);
    const text = await part.locator('[data-testid="what-if-sentence"]').textContent();
    assert.ok(text.includes(`8 bits: ${words(errors('eight'))} errors of 500`), text);
    await set('bits', 0);
    await set('kept', 11);
    // Bits leave some zeros as well; a mask leaves far more.
    await page.waitForFunction(
      () => Number(document.querySelector('[data-testid="weight-histograms"]').dataset.zeros) > 1_000,
    );
    const zeros = Number(await part.locator('[data-testid="weight-histograms"]').getAttribute('data-zeros'));
    // A tenth of 784·20 + 20·10 weights is kept, and none of the output layer's 200 need be.
    assert.ok(zeros >= 784 * 20 - 1588 && zeros <= 784 * 20 - 1388, `${zeros}`);
    assert.ok((await shelf(page).locator('svg circle[stroke-dasharray]').count()) > 0, 'a mark in the plot');
    // The same share of each layer: a tenth of the first one's 15,680 weights.
    await part.locator('[data-testid="what-if-scope"]').selectOption('layer');
    await part.locator(`[data-testid="weight-histograms"][data-zeros="${0.9 * 784 * 20}"]`).waitFor();
    // Some pixels of the rim are never inked; all their weights were small when drawn, and few are kept.
    await part.locator('[data-testid="mask"] canvas').waitFor();
    await assertAccessible(page, 'with sliders');
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    assert.ok(wide <= room, `${wide} px wide in ${room} px`);
    // Far from any other.
    await mark(page, 'dense').scrollIntoViewIfNeeded();
    const box = await mark(page, 'dense').boundingBox();
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await shelf(page).locator('[data-testid="shelf-sentence"][data-model="dense"]').waitFor();
  });
});
