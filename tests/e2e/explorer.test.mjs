// The explorer beyond one digit's bars: small probabilities, digits sought by what they resemble, a drawing, the transfer set.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { assertNear, digitOf, forward, softmax, tensors, testDigit } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });
const teacher = tensors(readFileSync(join(ROOT, 'assets/teachers/mnist-cnn.safetensors')));

const softTargets = (page, digit, temperatures) =>
  page.evaluate(([at, ts]) => window.distillery.softTargets('teacher', at, ts), [digit, temperatures]);

test('a link at T = 0.1 on the log axis: bars, figures and the script say the same, down to powers of ten', async () => {
  await onPage({ name: 'sharp' }, async (page) => {
    await lab.open(page, site, `${SHORT}&view.digit=247&view.t=0.1&view.log=true`);
    const { probabilities, widths } = await lab.histogram(page, 'teacher', 0.1, true);
    const [asked] = await softTargets(page, 247, [0.1]);
    assert.deepEqual(probabilities, asked);
    const expected = softmax(forward(teacher, testDigit(247).pixels), 0.1);
    // Logits agree to 1e-4, which T = 0.1 makes 1e-3 of the exponent.
    probabilities.forEach((p, i) => {
      assert.ok(Math.abs(Math.log(p / expected[i])) < 1e-2, `${p} of ${i}, expected ${expected[i]}`);
    });
    assertNear(
      widths,
      probabilities.map((p) => Math.max(0, 1 + Math.log10(p) / 12)),
      1e-6,
      'bars over twelve decades',
    );
    const panel = page.locator('[data-testid="soft-targets-panel"][data-own]');
    const figures = await panel.locator('[data-role="teacher"] text').allTextContents();
    probabilities.forEach((p, i) => {
      if (p >= 1e-4) return;
      const [, mantissa, power] = /^(\d\.\d)\u00a0×\u00a010⁻([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(figures[i]);
      const exponent = [...power].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join('');
      const written = Number(`${mantissa}e-${exponent}`);
      assert.ok(Math.abs(written / p - 1) < 0.051, `${figures[i]} for ${p}`);
    });
    assert.ok(Math.min(...probabilities) < 1e-9, 'something small enough to tell');
  });
});

test('a 2 that looks like a 3: 2s alone, by the probability of a 3', async () => {
  await onPage({ name: 'alike' }, async (page) => {
    await lab.open(page, site, SHORT);
    await page.locator('[data-testid="sort"]').selectOption('like');
    await page.locator('[data-testid="class"]').selectOption({ label: 'only 2' });
    await page.locator('[data-testid="like"]').selectOption({ label: 'to a 3' });
    await page.waitForFunction(() => location.hash.includes('view.sort=like&view.only=2'));
    const strip = page.locator('[data-testid="explorer"] [data-digit]');
    // The strip is put in order again once all 1,000 digits are known.
    await page.locator('[data-testid="scanned"][data-known="1000"]').waitFor();
    await strip.first().waitFor();
    const shown = (await strip.evaluateAll((items) => items.map((item) => Number(item.dataset.digit)))).slice(
      0,
      8,
    );
    const likeness = [];
    for (const index of shown) {
      assert.equal(testDigit(index).label, 2);
      likeness.push((await softTargets(page, index, [1]))[0][3]);
    }
    assert.deepEqual(
      likeness,
      likeness.toSorted((a, b) => b - a),
    );
    const twos = Array.from({ length: 1000 }, (_, i) => i).filter((index) => testDigit(index).label === 2);
    const all = await Promise.all(twos.map(async (index) => (await softTargets(page, index, [1]))[0][3]));
    assert.equal(likeness[0], Math.max(...all));
  });
});

test('a drawing in the explorer, at every temperature, and back', async () => {
  await onPage({ name: 'drawn-explored' }, async (page) => {
    await lab.open(page, site, `${SHORT}&view.digit=247`);
    await lab.drawSeven(page);
    await lab.recognised(page, 'teacher', 7);
    const predicted = await lab.prediction(page, 'teacher');
    await page.locator('[data-action="explore"]').click();
    await page.locator('[data-testid="chosen-digit"][data-drawn]').waitFor();
    for (const temperature of [1, 4, 20]) {
      const { probabilities } = await lab.histogram(page, 'teacher', temperature);
      assertNear(probabilities, softmax(predicted.map(Math.log), temperature), 1e-6, `T = ${temperature}`);
    }
    assert.match(await page.locator('[data-testid="sentence"]').textContent(), /takes your drawing for a 7/);
    await page.locator('[data-testid="draw-temperature"]').fill('0');
    assert.equal(
      await page.locator('[data-testid="prediction"][data-model="teacher"]').getAttribute('data-t'),
      '0.1',
    );
    await page.getByRole('button', { name: 'Back to the test digits' }).click();
    await page.locator('[data-testid="chosen-digit"][data-index="247"]').waitFor();
  });
});

test('the mean entropy of the transfer set at T is that of its digits, class left out', async () => {
  await onPage({ name: 'transfer-set' }, async (page) => {
    const [digits, leftOut, temperature] = [60, 3, 2];
    const set = `&transfer_set.digits=${digits}&transfer_set.leave_out=[${leftOut}]`;
    await lab.open(page, site, `${SHORT.replace('&transfer_set.digits=640', set)}&view.t=${temperature}`);
    const found = page.locator('[data-testid="transfer-entropy"]');
    await found.locator('summary').click();
    await page.locator('[data-testid="transfer-entropy"][data-complete]').waitFor();
    const kept = Array.from({ length: digits }, (_, i) => digitOf('train', i)).filter(
      ({ label }) => label !== leftOut,
    );
    assert.equal(Number(await found.getAttribute('data-counted')), kept.length);
    const entropies = kept.map(({ pixels }) =>
      softmax(forward(teacher, pixels), temperature).reduce((sum, p) => sum - p * Math.log(p), 0),
    );
    const mean = entropies.reduce((sum, one) => sum + one, 0) / kept.length;
    assertNear([Number(await found.getAttribute('data-nats'))], [mean], 1e-4, 'nats');
  });
});
