// The default race from Start to its end on the CPU, and what can be taken away from it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { assertNear, forward, tensors, testDigit } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { serve } from './support/site.mjs';

const { site, onPage } = await setUp();
const quick = await serve({ laterDigits: false });
after(() => quick.close());

const errors = (record, model) => record.models[model].epochs.at(-1).errors;

test('the default race runs to its end; the student and the control have learnt; then the test digits are opened', async (t) => {
  await onPage({ name: 'default-race' }, async (page) => {
    await lab.open(page, site);
    const begun = Date.now();
    await lab.race(page, 240_000);
    t.diagnostic(`the default race took ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    const record = await lab.record(page);
    // Guessing makes 4,500 errors of 5,000; a small network that learns anything is far below 750.
    for (const model of ['student', 'control']) {
      const measures = record.models[model].epochs.at(-1);
      assert.equal(measures.evaluated, 5_000);
      assert.ok(measures.errors < 750, `${model}: ${measures.errors} errors`);
      assert.equal(record.models[model].wrong.length, measures.errors);
    }
    assert.ok(errors(record, 'student') < errors(record, 'control'), 'the teacher helps');
    assert.equal(record.environment.engine, 'cpu');
    assert.match(record.digest, /^[0-9a-f]{64}$/);
    await page.locator('.verdict:not([data-verdict="none"]) [data-verdict-on="validation"]').waitFor();
    await assertVerdict(page, (model) => errors(record, model));
    assert.deepEqual([record.test_opened, record.test], [0, null]);
    const heard = page.evaluate(() => new Promise((hear) => window.distillery.on('test_opened', hear)));
    await lab.press(page, 'open-test');
    await page.locator('[data-test-digits="open"]').waitFor();
    const opened = await lab.record(page);
    const { models, comparisons } = opened.test;
    assert.deepEqual((await heard).results.models.student, models.student);
    assert.equal(opened.test_opened, 1);
    assert.equal(opened.digest, record.digest);
    assert.equal(comparisons.length, record.comparisons.length);
    for (const [model, { errors: wrong, evaluated }] of Object.entries(models)) {
      assert.equal(evaluated, 10_000);
      const shown = await page.locator(`[data-test-errors="${model}"]`).textContent();
      assert.equal(shown, `${words(wrong)} of 10,000`);
    }
    await page.locator('[data-verdict-on="test"]').waitFor();
    await assertVerdict(page, (model) => models[model].errors);
    await checkWeights(page, models.student.wrong);
  });
});

const words = (count) => new Intl.NumberFormat('en').format(count);

/** The verdict's first sentence is about the strongest control, and begins with a verdict; the other control is besides. */
async function assertVerdict(page, errorsOf) {
  const names = { control: 'control', regularised: 'regularised control' };
  const [strongest, other] = Object.keys(names).sort((a, b) => errorsOf(a) - errorsOf(b));
  const verdict = await page.locator('.verdict .sentence').textContent();
  assert.match(verdict, /^(Better|Worse|Inconclusive): the student makes /);
  assert.ok(verdict.includes(`makes ${words(errorsOf('student'))} errors`), verdict);
  assert.ok(verdict.includes(`the ${names[strongest]} ${words(errorsOf(strongest))}`), verdict);
  const besides = await page.locator('[data-verdict-besides]').textContent();
  assert.ok(besides.includes(`the ${names[other]}, which makes ${words(errorsOf(other))} errors`), besides);
}

/** The exported weights, computed with here, make the same mistakes on the test digits as the record says. */
async function checkWeights(page, wrongOnes) {
  const student = tensors(await lab.exported(page, 'student'));
  const wrong = new Set(wrongOnes);
  for (let index = 0; index < 200; index += 1) {
    const { pixels, label } = testDigit(index);
    const logits = forward(student, pixels);
    const choice = logits.indexOf(Math.max(...logits));
    assert.equal(choice !== label, wrong.has(index), `test digit ${index}`);
  }
  const { pixels } = testDigit(0);
  const [found] = await page.evaluate(() => window.distillery.softTargets('student', 0, [1]));
  const logs = (values) => values.map((value) => value - values[0]);
  // Differences of logits, of the size of 10, from sums of some hundred products in f32: good to 1e-4.
  assertNear(logs(found.map(Math.log)), logs(forward(student, pixels)), 1e-3, 'logits of test digit 0');
}

/** Vision transformers on 10,000 digits: the first epoch takes a minute and more. */
const HEAVY =
  '#recipe=first-race&models.student.net={"vit":{}}&transfer_set.digits=10000&training.epochs=3&training.batch_size=32&view.engine=cpu';
const MOST_MS = 2000;
const WATCHED_MS = 8000;
/** A machine that others use changes its pace by so much; it was by tens that time left was wrong where it was told from epochs. */
const MOST_APART = 4;

test('the time left stands there within 2 s of Start, long before the first epoch ends, and keeps its word', async (t) => {
  await onPage({ name: 'time-left' }, async (page) => {
    await lab.open(page, quick, HEAVY);
    const { told, hasEnded } = await page.evaluate(async (watchedMs) => {
      const found = { told: [], hasEnded: false };
      window.distillery.on('epoch', () => {
        found.hasEnded = true;
      });
      document.querySelector('[data-action="start"]').click();
      const begun = performance.now();
      for (let ms = 0; ms < watchedMs; ms = performance.now() - begun) {
        const words = document.querySelector('#race-bar .progress').textContent;
        const [, hours, minutes, seconds] =
          /· (?:(\d+) h )?(?:(\d+) min )?(?:(\d+) s )?left/.exec(words) ?? [];
        const left = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
        if (left > 0) found.told.push({ ms, left });
        await new Promise((later) => setTimeout(later, 50));
      }
      return found;
    }, WATCHED_MS);
    assert.equal(hasEnded, false, 'the test needs a first epoch that lasts');
    assert.ok(told.length > 0, 'nothing was said');
    t.diagnostic(`first said after ${told[0].ms.toFixed(0)} ms: ${told[0].left / 1000} s`);
    assert.ok(told[0].ms < MOST_MS, `first said after ${told[0].ms} ms`);
    const ends = told.filter(({ ms }) => ms >= MOST_MS).map(({ ms, left }) => ms + left);
    t.diagnostic(`the end foretold: after ${Math.min(...ends) / 1000} to ${Math.max(...ends) / 1000} s`);
    assert.ok(ends.length > 0 && Math.max(...ends) < MOST_APART * Math.min(...ends), ends.join());
    await lab.press(page, 'stop');
  });
});
