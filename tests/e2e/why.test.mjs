// "Why?": one digit's loss with its numbers, confusions, calibration, edges and first layers, each against numbers from outside.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { softmax, tensors, testDigit } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { ROOT } from './support/site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const { site, onPage } = await setUp();

const why = (page) => page.locator('[data-testid="why"]');
const panel = (page, id) => why(page).locator(`[data-testid="${id}"]`);
const number = async (locator, name) => Number(await locator.getAttribute(name));

async function openView(page, name) {
  if (!(await why(page).evaluate((details) => details.open)))
    await why(page).locator('summary').first().click();
  await why(page).getByRole('tab', { name }).click();
}

/** Opens the page and trains a config there; answers its record. */
async function trained(page, config, hash = '') {
  await lab.open(page, site, hash);
  return page.evaluate(async (one) => {
    await window.distillery.ready;
    return window.distillery.run(one);
  }, config);
}

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run(document.querySelector('[data-testid="why"]'));
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

function assertRelative(found, expected, tolerance, what) {
  const difference = Math.abs(found - expected);
  assert.ok(difference <= tolerance * (1 + Math.abs(expected)), `${what}: ${found}, expected ${expected}`);
}

const SMALL = { mlp: { hidden: [12] } };
/** One digit, one step, and a rate at which nothing changes: the record's loss is that of the digit by the weights there are. */
const STILL = { epochs: 1, batch_size: 1, learning_rate: 0 };
const SOFT = {
  'cross-entropy': 'cross_entropy',
  kl: 'kl',
  reverse: 'reverse_kl',
  mse: 'logit_mse',
  jsd: { jensen_shannon: { beta: 0.3 } },
  decoupled: { decoupled: { target: 1, non_target: 4 } },
  labels: 'teacher_labels',
};
const TEMPERATURE = 3;
const STILL_CONFIG = {
  version: 1,
  seed: 5,
  data: { evaluated: 100, evaluate_on: 'test' },
  transfer_set: { digits: 1 },
  training: STILL,
  models: {
    teacher: { net: { cnn: { dropout: 0.3 } }, init: { pretrained: 'mnist-cnn' } },
    ...Object.fromEntries(
      Object.entries(SOFT).map(([name, soft]) => [
        name,
        {
          net: SMALL,
          learns_from: [{ model: 'teacher' }],
          objective: {
            hard_weight: 0.3,
            soft_weight: 0.8,
            soft,
            temperature: TEMPERATURE,
            label_smoothing: 0.1,
          },
        },
      ]),
    ),
    control: { net: SMALL },
  },
};

const formula = (page, id) => panel(page, 'loss-inspector').locator(`[data-formula="${id}"]`);
const column = (page, id) =>
  panel(page, 'class-table')
    .locator(`[data-column="${id}"]`)
    .evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.value)));

test('the loss of a digit is the engine’s, term by term, for every soft term, and its checks hold', async () => {
  await onPage({ name: 'why-loss' }, async (page) => {
    const record = await trained(page, STILL_CONFIG);
    await openView(page, 'Loss of one digit');
    await panel(page, 'why-digit').selectOption('transfer');
    for (const name of [...Object.keys(SOFT), 'control']) {
      await why(page).getByLabel('Model').selectOption(name);
      await page.waitForFunction(
        (wanted) => document.querySelector('[data-testid="loss-inspector"]')?.dataset.model === wanted,
        name,
      );
      const { hard, soft, total } = record.models[name].epochs.at(-1).loss;
      // The engine adds in f32.
      const near = async (id, expected) => {
        const found = () => number(formula(page, id), 'data-result');
        // The digit that stood there before may still be on show.
        for (let tries = 0; tries < 50 && Math.abs((await found()) - expected) > 1e-5; tries += 1)
          await page.waitForTimeout(100);
        assertRelative(await found(), expected, 1e-5, `${name}, ${id}`);
      };
      await near('hard', hard);
      await near('total', total);
      if (name === 'control') assert.equal(await formula(page, 'soft').count(), 0);
      else await near('soft', soft);
    }

    await why(page).getByLabel('Model').selectOption('cross-entropy');
    await panel(page, 'loss-inspector').locator('[data-check="teachers"][data-holds="holds"]').waitFor();
    const checks = await panel(page, 'loss-inspector')
      .locator('[data-check]')
      .evaluateAll((all) => all.map(({ dataset }) => [dataset.check, dataset.holds]));
    assert.deepEqual(
      checks,
      ['differences', 't_squared', 'teachers', 'digits'].map((id) => [id, 'holds']),
    );

    // The gradient by its definition, from the logits that are shown.
    const [z, v, y] = [await column(page, 'logits'), await column(page, 'taught'), await column(page, 'y')];
    const slopes = (t) => {
      const [q, p, plain] = [softmax(z, t), softmax(v, t), softmax(z, 1)];
      return z.map((_, i) => 0.3 * (plain[i] - y[i]) + ((0.8 * t * t) / t) * (q[i] - p[i]));
    };
    const assertSlopes = async (t) => {
      for (const [i, slope] of (await column(page, 'sum')).entries())
        assertRelative(slope, slopes(t)[i], 1e-9, `∂L/∂z${i}`);
    };
    await assertSlopes(TEMPERATURE);
    await assertAccessible(page, 'the loss');

    // Another temperature, by the keyboard; T² off leaves 1/T² of the soft term.
    const slider = panel(page, 'why-temperature');
    await slider.focus();
    await page.keyboard.press('End');
    await assertSlopes(20);
    const soft = await number(formula(page, 'soft'), 'data-result');
    const hard = await number(formula(page, 'hard'), 'data-result');
    await why(page).getByLabel('times T²').uncheck();
    assertRelative(
      await number(formula(page, 'total'), 'data-result'),
      0.3 * hard + 0.8 * soft,
      1e-12,
      'without T²',
    );
    const charts = panel(page, 'temperature-charts');
    assertRelative(
      (await number(charts, 'data-squared')) / (await number(charts, 'data-plain')),
      20 ** 2,
      1e-9,
      'ratio with and without T²',
    );
    const distances = await charts
      .locator('xpath=following-sibling::details')
      .locator('td[data-distance]')
      .evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.distance)));
    assert.ok(distances.at(-1) < 0.1, `at T = 100 the gradient matches logits: ${distances}`);
    assert.deepEqual(
      distances.toSorted((a, b) => b - a).slice(-3),
      distances.slice(-3),
      'the nearer the higher T',
    );
    await why(page).getByRole('button', { name: 'As it learns' }).click();
    await assertSlopes(TEMPERATURE);

    // A number that the set does not have is told, and what stood there stays.
    const before = await number(formula(page, 'total'), 'data-result');
    await panel(page, 'why-digit-number').fill('5');
    await why(page)
      .getByText('“5” is no digit of the transfer set; allowed: whole numbers from 0 to 0.')
      .waitFor();
    assert.equal(await number(formula(page, 'total'), 'data-result'), before);
  });
});

const RACE = {
  version: 1,
  seed: 3,
  data: { evaluated: 300, evaluate_on: 'test' },
  transfer_set: { digits: 640 },
  training: { epochs: 2, batch_size: 64, learning_rate: 0.003 },
  models: {
    teacher: { net: { cnn: { dropout: 0.3 } }, init: { pretrained: 'mnist-cnn' } },
    student: { net: { mlp: { hidden: [20] } }, learns_from: [{ model: 'teacher' }] },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
    small: {
      net: { same_as: 'student' },
      init: { derive: { from: 'student', by: 'copy', frozen: true } },
      compress: [{ quantise: { bits: 4 } }],
    },
    vit: { net: { vit: { width: 8, depth: 2, heads: 2, mlp_width: 8 } } },
  },
};

test('confusions, calibration and edges are the record’s, and a cell leads to its digits', async () => {
  await onPage({ name: 'why-measures' }, async (page) => {
    const record = await trained(page, RACE);
    const { student } = record.models;
    const measures = student.epochs.at(-1);

    await openView(page, 'Confusions');
    await panel(page, 'confusion')
      .and(page.locator(`[data-errors="${measures.errors}"]`))
      .waitFor();
    const cells = await panel(page, 'confusion')
      .locator('[data-cell]')
      .evaluateAll((all) =>
        all.map(({ dataset, textContent }) => [dataset.cell.split(' ').map(Number), Number(textContent)]),
      );
    assert.equal(
      cells.reduce((sum, [, size]) => sum + size, 0),
      measures.evaluated,
    );
    const labels = Array.from({ length: measures.evaluated }, (_, i) => testDigit(i).label);
    for (let label = 0; label < 10; label += 1) {
      const wrong = student.wrong.filter((place) => labels[place] === label).length;
      const off = cells.filter(([[row, taken]]) => row === label && taken !== label);
      assert.equal(
        off.reduce((sum, [, size]) => sum + size, 0),
        wrong,
        `wrong ones of ${label}`,
      );
    }
    await assertAccessible(page, 'confusions');
    // By keyboard to another cell, and from its digits to the explorer and to their loss.
    const chosen = panel(page, 'confusion').locator('[data-cell][aria-pressed="true"]');
    const first = await chosen.getAttribute('data-cell');
    await chosen.focus();
    await page.keyboard.press('Home');
    assert.notEqual(await chosen.getAttribute('data-cell'), first);
    const [label] = first.split(' ').map(Number);
    await panel(page, 'confusion').locator(`[data-cell="${first}"]`).click();
    const strip = panel(page, 'confusion').getByRole('listbox').locator('[data-digit]');
    await strip.first().waitFor();
    const shown = await strip.evaluateAll((all) => all.map(({ dataset }) => Number(dataset.digit)));
    for (const index of shown) {
      assert.equal(labels[index], label);
      assert.ok(student.wrong.includes(index), `${index} is wrong`);
    }
    await strip.first().click();
    await page.locator(`[data-testid="chosen-digit"][data-index="${shown[0]}"]`).waitFor();
    await why(page).getByRole('button', { name: 'Its loss, step by step' }).click();
    await panel(page, 'loss-inspector')
      .and(page.locator(`[data-digit="${shown[0]}"]`))
      .waitFor();

    await openView(page, 'Calibration');
    await panel(page, 'reliability').and(page.locator('[data-error]')).waitFor();
    const error = await number(panel(page, 'reliability'), 'data-error');
    assertRelative(error, measures.calibration_error, 1e-7, 'ECE');
    assert.equal(await number(panel(page, 'reliability'), 'data-told'), measures.calibration_error);
    const bins = await panel(page, 'reliability')
      .locator('[data-bin]')
      .evaluateAll((rows) =>
        rows.map((row) => [
          Number(row.dataset.count),
          Number(row.dataset.right),
          Number(row.querySelector('[data-confidence]')?.dataset.confidence ?? 0),
        ]),
      );
    assert.equal(bins.length, 15);
    const again = bins.reduce(
      (sum, [count, right, confidence]) => sum + Math.abs(right - count * confidence),
      0,
    );
    assertRelative(again / measures.evaluated, error, 1e-9, 'ECE from the table');
    await assertAccessible(page, 'calibration');

    await openView(page, 'Edges');
    const edge = (from, to) => panel(page, 'edges').locator(`[data-edge="${from} ${to}"][data-nats]`);
    await edge('teacher', 'student').waitFor();
    await edge('student', 'small').waitFor();
    assert.equal(await panel(page, 'edges').locator('[data-edge]').count(), 2);
    assert.equal(await number(edge('teacher', 'student'), 'data-agreeing'), measures.agreement);
    const { small } = record.models;
    assert.equal(
      await number(edge('student', 'small'), 'data-agreeing'),
      small.epochs.at(-1).source_agreement,
    );
    const t = 4;
    const mean = await page.evaluate(
      async ([count, temperature]) => {
        let sum = 0;
        for (let digit = 0; digit < count; digit += 1) {
          const [[p], [q]] = await Promise.all(
            ['teacher', 'student'].map((model) => window.distillery.softTargets(model, digit, [temperature])),
          );
          sum += p.reduce((all, one, i) => all + one * Math.log(one / q[i]), 0);
        }
        return sum / count;
      },
      [measures.evaluated, t],
    );
    assertRelative(await number(edge('teacher', 'student'), 'data-nats'), mean, 1e-9, 'mean KL');
    // Any two models: what only one of them gets right.
    await panel(page, 'why-other').selectOption('vit');
    const only = record.models.vit.wrong.filter((place) => !student.wrong.includes(place)).length;
    await panel(page, 'edges')
      .getByRole('option', { name: new RegExp(`\\b${only}\\b`) })
      .first()
      .waitFor({ state: 'attached' });
    await assertAccessible(page, 'edges');
  });
});

test('first layers are pictures of the very weights, and a transformer’s attention gives the engine’s logits', async () => {
  await onPage({ name: 'why-weights', colorScheme: 'dark' }, async (page) => {
    await trained(page, RACE);
    await openView(page, 'First layer');
    const kinds = [
      ['student', 'unit', 20],
      ['small', 'unit', 20],
      ['vit', 'patch', 8],
    ];
    for (const [name, of, count] of kinds) {
      await why(page).getByLabel('Model').selectOption(name);
      await panel(page, 'weights')
        .and(page.locator(`[data-of="${of}"][data-count="${count}"]`))
        .waitFor();
    }
    await panel(page, 'attention').and(page.locator('[data-apart]')).waitFor();
    assert.ok((await number(panel(page, 'attention'), 'data-apart')) < 1e-4);
    const shares = await panel(page, 'attention')
      .locator('[data-shares]')
      .evaluateAll((heads) => heads.map(({ dataset }) => JSON.parse(dataset.shares)));
    assert.equal(shares.length, 4);
    for (const of of shares)
      assertRelative(
        of.reduce((sum, one) => sum + one),
        1,
        1e-9,
        'attention',
      );
    await assertAccessible(page, 'weights in the dark');

    await why(page).getByLabel('Model').selectOption('teacher');
    await panel(page, 'weights').and(page.locator('[data-of="filter"]')).waitFor();
    const { shape, values } = tensors(readFileSync(join(ROOT, 'assets/teachers/mnist-cnn.safetensors')))[
      'layers.0.weight'
    ];
    const pictures = await panel(page, 'weights')
      .locator('[data-picture]')
      .evaluateAll((all) => all.map(({ dataset }) => [Number(dataset.picture), Number(dataset.most)]));
    assert.equal(pictures.length, shape[0]);
    const size = shape[2] * shape[3];
    for (const [at, most] of pictures)
      assert.equal(most, Math.max(...values.slice(at * size, (at + 1) * size)));
  });
});

test('before a race it says what it waits for; held-out digits are shown in the explorer; a phone and Chinese', async () => {
  await onPage({ name: 'why-phone', ...PHONE }, async (page) => {
    await lab.open(page, site, '#view.lang=zh');
    await why(page).locator('summary').first().click();
    await why(page).getByText('开始比赛，这里就有它的数值。').waitFor();
    await page.evaluate(() => window.distillery.look({ lang: 'en' }));
    await why(page).getByText('Start a race, and its numbers stand here.').waitFor();
    await page.evaluate((config) => window.distillery.run(config), {
      ...RACE,
      data: { validation: 5000, evaluated: 200, evaluate_on: 'validation' },
      models: { teacher: RACE.models.teacher, student: RACE.models.student },
    });
    await openView(page, 'Confusions');
    await why(page).getByText('On the 200 held-out digits').waitFor();
    await panel(page, 'confusion').getByRole('listbox').locator('[data-digit]').first().click();
    const lent = page.locator('[data-testid="chosen-digit"][data-lent]');
    await lent.waitFor();
    assert.ok((await number(lent, 'data-lent')) >= 55_000);
    await page.getByRole('button', { name: 'Back to the test digits' }).click();
    await page.locator('[data-testid="chosen-digit"][data-index]').waitFor();
    for (const name of ['Loss of one digit', 'Confusions', 'Calibration', 'Edges', 'First layer']) {
      await openView(page, name);
      const { wide, room } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }));
      assert.ok(wide <= room, `${name}: ${wide} px wide in ${room} px`);
    }
    await assertAccessible(page, 'on a phone');
  });
});
