// "One step, slowly": six stages of a real step by the keyboard, each number against the digits, the teacher and the engine.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { assertNear, digitOf, softmax } from './support/numbers.mjs';
import * as lab from './support/page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const BATCH = 8;
const [HARD, TEMPERATURE] = [0.3, 3];
const SET = `transfer_set.digits=320&training.epochs=1&training.batch_size=64&data.evaluated=100&models.student.net.mlp.hidden=[12]`;
const OBJECTIVE = `models.student.objective.hard_weight=${HARD}&models.student.objective.temperature=${TEMPERATURE}`;
const HASH = `#recipe=first-race&${SET}&${OBJECTIVE}&view.engine=cpu`;
const { site, onPage } = await setUp();

const part = (page) => page.locator('[data-testid="step"]');
const shown = (page) => part(page).locator('[data-stage-shown]');
const column = (page, id) =>
  shown(page)
    .locator(`[data-column="${id}"]`)
    .evaluateAll((cells) => cells.map(({ dataset }) => Number(dataset.value)));
const sum = (values) => values.reduce((all, value) => all + value, 0);

function near(found, expected, what) {
  // The engine counts in f32.
  assert.ok(
    Math.abs(found - expected) <= 2e-5 * (1 + Math.abs(expected)),
    `${what}: ${found}, expected ${expected}`,
  );
}

async function openPart(page, name = 'One step, slowly') {
  await part(page).getByText(name, { exact: true }).click();
  await settled(page, 1);
}

/** Waits until so many steps have been taken. */
async function settled(page, steps) {
  await page.locator(`[data-testid="one-step"][data-busy="false"] [data-steps="${steps}"]`).first().waitFor();
}

async function stage(page, id) {
  await page.locator(`[data-stage-shown="${id}"]`).waitFor();
  assert.equal(await part(page).locator('[aria-current="step"]').getAttribute('data-stage'), id);
}

async function assertAccessible(page, state) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await window.axe.run(document.querySelector('[data-testid="step"]'));
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], state);
}

const told = (page) => page.locator('[data-testid="step-told"]').evaluate(({ dataset }) => ({ ...dataset }));
const each = (page, name) =>
  page
    .locator('[data-testid="step-digits"] tbody tr')
    .evaluateAll((rows, key) => rows.map(({ dataset }) => Number(dataset[key])), name);

test('six stages by the keyboard: logits, soft targets, loss, gradient and a real step, each as its definition has it', async () => {
  await onPage({ name: 'step' }, async (page) => {
    await lab.open(page, site, HASH);
    await openPart(page);
    const labels = await part(page).locator('[data-digit]').allInnerTexts();
    assert.deepEqual(
      labels.map(Number),
      Array.from({ length: BATCH }, (_, index) => digitOf('train', index).label),
    );

    // The third of the batch in focus; from there on by arrow keys.
    const focus = 2;
    await part(page)
      .getByRole('button', { name: `Digit ${focus},` })
      .click();
    await part(page).locator('[aria-current="step"]').focus();
    await page.keyboard.press('ArrowRight');
    await stage(page, 'logits');
    const z = await column(page, 'logits');
    await page.keyboard.press('ArrowRight');
    await stage(page, 'targets');
    const bars = await shown(page)
      .locator('[data-testid="soft-targets"]')
      .evaluateAll((all) => all.map(({ dataset }) => JSON.parse(dataset.probabilities)));
    const [p, q] = bars;
    assertNear(q, softmax(z, TEMPERATURE), 1e-12, 'q');
    const { pixels } = digitOf('train', focus);
    const plain = await page.evaluate(async (grey) => {
      await window.distillery.ready;
      return window.distillery.predict('teacher', grey);
    }, pixels);
    // From the picture itself; shares of one are told to the last bit, their logarithms to fewer.
    assertNear(p, softmax(plain.map(Math.log), TEMPERATURE), 1e-3, 'p');

    await page.keyboard.press('ArrowRight');
    await stage(page, 'loss');
    const y = Number(labels[focus]);
    const loss = (logits) => {
      const soft = -sum(softmax(logits, TEMPERATURE).map((value, i) => p[i] * Math.log(value)));
      return -HARD * Math.log(softmax(logits, 1)[y]) + (1 - HARD) * TEMPERATURE ** 2 * soft;
    };
    const values = await part(page)
      .locator('.value[data-value]')
      .evaluateAll((all) => all.map(({ dataset }) => Number(dataset.value)));
    near(values[focus], loss(z), 'the loss of the digit in focus');
    const before = Number(await shown(page).getAttribute('data-loss'));
    near(before, sum(values) / BATCH, 'the mean of the digits');
    await assertAccessible(page, 'the loss');

    await page.keyboard.press('ArrowRight');
    await stage(page, 'gradient');
    const moved = (at, by) => loss(z.map((logit, i) => (i === at ? logit + by : logit)));
    for (const [i, slope] of (await column(page, 'gradient')).entries())
      near(slope, (moved(i, 1e-5) - moved(i, -1e-5)) / 2e-5, `∂L/∂z${i}`);
    await assertAccessible(page, 'the gradient');

    await page.keyboard.press('ArrowRight');
    await stage(page, 'update');
    const one = await told(page);
    near(Number(one.told), before, 'the engine’s loss of the first step');
    await page.getByText('The batch, digit by digit').click();
    near(sum(await each(page, 'before')) / BATCH, before, 'the table before');
    near(sum(await each(page, 'after')) / BATCH, Number(one.after), 'the table after');
    await assertAccessible(page, 'the update');

    // The next step begins where this one ended: its loss, as the engine tells it, is what was worked out here for after the first.
    await part(page).getByRole('button', { name: '100 more steps' }).click();
    await settled(page, 101);
    const many = await told(page);
    assert.ok(Number(many.after) < before / 2, `100 steps leave ${many.after} of ${before}`);
    const losses = JSON.parse(await page.locator('[data-testid="step-curve"]').getAttribute('data-losses'));
    near(losses[1], Number(one.after), 'the engine’s loss of the second step');
    near(losses.at(-1), Number(many.after), 'the end of the curve');
    // No race has begun meanwhile.
    await lab.status(page, 'ready');
  });
});

test('plays by itself, stops and goes on by the space bar; a control has no teacher; after a race it steps from its weights', async () => {
  const reduced = { reducedMotion: 'reduce' };
  await onPage({ name: 'step-plays', ...reduced }, async (page) => {
    await lab.open(page, site, `${HASH}&view.lang=zh`);
    await openPart(page, '慢放一步');
    await part(page).locator('[aria-current="step"]').focus();
    await page.keyboard.press('Space');
    await part(page).getByRole('button', { name: '暂停' }).waitFor();
    await stage(page, 'logits');
    await page.keyboard.press('Space');
    await part(page).getByRole('button', { name: '播放', exact: true }).waitFor();

    const student = await column(page, 'logits');
    await part(page).getByLabel('模型').selectOption('control');
    await page.locator('[data-testid="one-step"][data-model="control"][data-busy="false"]').waitFor();
    assert.deepEqual(await column(page, 'logits'), student, 'both begin with the same weights');
    await part(page).locator('[data-stage="targets"]').click();
    await part(page).getByText('没有教师教', { exact: false }).waitFor();
    const first = await shown(page).getAttribute('data-loss');

    await lab.race(page);
    await part(page).getByRole('button', { name: '它又学了一些' }).click();
    await part(page).getByText('起点是它在比赛中学到的权重').waitFor();
    await settled(page, 1);
    assert.ok(
      Number(await shown(page).getAttribute('data-loss')) < Number(first),
      'it has learnt in the race',
    );
  });
});

const TRAINED_HERE = {
  version: 1,
  data: { evaluated: 100 },
  transfer_set: { digits: 320, leave_out: [4] },
  training: { epochs: 1, batch_size: 64 },
  models: {
    teacher: { net: { mlp: { hidden: [16], dropout: 0.2 } } },
    student: {
      net: { cnn: { channels: [2, 4], kernel: 3, hidden: [16], dropout: 0.2 } },
      learns_from: [{ model: 'teacher' }],
      objective: {
        hard_weight: 0.5,
        soft: 'kl',
        imitates: [{ by: 'hint', layers: [{ teacher: 'hidden.0', student: 'hidden.0' }], weight: 2 }],
      },
    },
  },
};

test('a teacher of the race has to be trained first; then its student, a CNN with a hint, takes steps as well', async () => {
  await onPage({ name: 'step-teacher', viewport: { width: 360, height: 740 } }, async (page) => {
    await lab.open(page, site, '#view.engine=cpu');
    await page.evaluate(async (config) => {
      await window.distillery.ready;
      await window.distillery.setConfig(config);
    }, TRAINED_HERE);
    await part(page).locator('summary').first().click();
    await page.getByTestId('step-obstacle').getByText('A step needs the teacher').waitFor();
    await lab.race(page);
    await settled(page, 1);
    const labels = await part(page).locator('[data-digit]').allInnerTexts();
    assert.ok(labels.length === BATCH && !labels.includes('4'), `the batch leaves fours out: ${labels}`);
    await part(page).locator('[data-stage="update"]').click();
    const { here, told: engines } = await told(page);
    near(Number(engines), Number(here), 'the engine’s loss on the logits');
    await page.getByTestId('step-layers').waitFor();
    await part(page).getByText('filters that moved most').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `nothing scrolls sideways: ${width}`);
  });
});

test('the third lesson leads to it, open', async () => {
  await onPage({ name: 'step-lesson' }, async (page) => {
    await lab.open(page, site, '#lesson=two-losses&view.engine=cpu');
    await page.getByRole('button', { name: 'One step, slowly' }).click();
    await settled(page, 1);
    await stage(page, 'batch');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'step');
  });
});
