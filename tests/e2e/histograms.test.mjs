// The bars of the explorer against softmax(logits / T) computed here, for the teacher and the student.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { assertNear, forward, softmax, tensors, testDigit } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';

/** One below T = 1 and one above. */
const SLIDER_POSITIONS = [23, 50];
const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** Moves the slider and gives the temperature it then stands at. */
async function slide(page, position) {
  const slider = page.locator('[data-testid="temperature"]');
  await slider.fill(String(position));
  return Number(/T = ([\d.]+)/.exec(await slider.getAttribute('aria-valuetext'))[1]);
}

/** Logits up to a constant, which softmax does not see: the logarithm of the probabilities at T = 1. */
async function logitsOf(page, model, digit) {
  const [probabilities] = await page.evaluate(
    ([name, index]) => window.distillery.softTargets(name, index, [1]),
    [model, digit],
  );
  return probabilities.map(Math.log);
}

test('histograms equal softmax(logits / T) at T = 1, 4, 20 and at the slider', async () => {
  await onPage({ name: 'histograms' }, async (page) => {
    await lab.open(page, site, `${SHORT}&view.digit=247`);
    await lab.race(page);
    const stops = [];
    for (const position of SLIDER_POSITIONS) {
      const own = await slide(page, position);
      stops.push(own);
      for (const role of ['teacher', 'student']) {
        const logits = await logitsOf(page, role, 247);
        for (const [temperature, isOwn] of [[1], [4], [20], [own, true]]) {
          const { probabilities, widths } = await lab.histogram(page, role, temperature, isOwn);
          const expected = softmax(logits, temperature);
          assertNear(probabilities, expected, 1e-6, `${role} at T = ${temperature}`);
          assertNear(widths, expected, 1e-6, `bars of the ${role} at T = ${temperature}`);
          lab.assertSumsToOne(probabilities);
        }
      }
    }
    const [below, above] = stops;
    assert.ok(0.1 < below && below < 1 && 1 < above && above < 20, `the slider stands at ${stops}`);
  });
});

test("the teacher's bars follow from its shipped weights alone, for a digit of a link and one of the strip", async () => {
  const teacher = tensors(readFileSync(join(ROOT, 'assets/teachers/mnist-cnn.safetensors')));
  const assertBars = async (page, index) => {
    const { pixels, label } = testDigit(index);
    await page.locator(`[data-testid="chosen-digit"][data-index="${index}"]`).waitFor();
    assert.deepEqual(await lab.chosenDigit(page), { index, label });
    // f32 against f64 through 600 products a sum: logits agree to 1e-4, probabilities better than that.
    const expected = softmax(forward(teacher, pixels), 4);
    const isDrawn = async () => {
      const { probabilities } = await lab.histogram(page, 'teacher', 4);
      return probabilities.every((p, i) => Math.abs(p - expected[i]) < 1e-4);
    };
    for (let tries = 0; tries < 100 && !(await isDrawn()); tries += 1) await page.waitForTimeout(50);
    assertNear((await lab.histogram(page, 'teacher', 4)).probabilities, expected, 1e-4, `digit ${index}`);
  };
  await onPage({ name: 'teacher' }, async (page) => {
    await lab.open(page, site, '#recipe=first-race&view.digit=247');
    await assertBars(page, 247);
    for (const index of [0, 8]) {
      await page.evaluate((digit) => {
        location.hash = `#recipe=first-race&view.digit=${digit}`;
      }, index);
      await assertBars(page, index);
    }
    const item = page.locator('[data-testid="explorer"] [data-digit]').nth(2);
    await item.waitFor();
    const index = Number(await item.getAttribute('data-digit'));
    assert.notEqual(index, 8);
    await item.click();
    await assertBars(page, index);
  });
});
