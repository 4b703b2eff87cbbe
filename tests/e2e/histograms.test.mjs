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

const SLIDER_POSITION = 23;
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
    const own = await slide(page, SLIDER_POSITION);
    assert.ok(own > 1 && own < 20, `the slider stands at ${own}`);
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
  });
});

test("the teacher's bars follow from its shipped weights alone", async () => {
  const teacher = tensors(readFileSync(join(ROOT, 'assets/teachers/mnist-cnn.safetensors')));
  await onPage({ name: 'teacher' }, async (page) => {
    for (const index of [0, 8, 247]) {
      await page.goto('about:blank');
      await lab.open(page, site, `#view.digit=${index}`);
      const { pixels, label } = testDigit(index);
      assert.deepEqual(await lab.chosenDigit(page), { index, label });
      const { probabilities } = await lab.histogram(page, 'teacher', 4);
      // f32 against f64 through 600 products a sum: logits agree to 1e-4, probabilities better than that.
      assertNear(probabilities, softmax(forward(teacher, pixels), 4), 1e-4, `digit ${index}`);
    }
  });
});

test('choosing another digit in the strip shows that digit', async () => {
  await onPage({ name: 'strip' }, async (page) => {
    await lab.open(page, site);
    const item = page.locator('[data-testid="explorer"] [data-digit]').nth(2);
    await item.waitFor();
    const index = Number(await item.getAttribute('data-digit'));
    await item.click();
    await page.locator(`[data-testid="chosen-digit"][data-index="${index}"]`).waitFor();
    const { label } = await lab.chosenDigit(page);
    assert.equal(label, testDigit(index).label);
  });
});
