// The short path in three browsers on the CPU engine: open, train, read a histogram, draw. The record is the same, digit
// for digit, in all that have relaxed SIMD, and in all that have not: without it wasm's arithmetic is defined to the
// last bit, with it a multiplication and an addition may be rounded once or twice, by the machine's choice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BROWSERS } from '../support/browsers/index.mjs';
import { assertNear, softmax } from './support/numbers.mjs';
import { plainWalk } from './support/plain-walk.mjs';
import { SHORT } from './support/settings.mjs';
import { serve } from './support/site.mjs';

let site;
/** What the first browser of each kind found. */
const firsts = new Map();
before(async () => {
  site = await serve({ laterDigits: false });
});
after(() => site.close());

// These run in the page; a browser gets their text.

async function train() {
  const find = async (selector) => {
    for (;;) {
      const found = document.querySelector(selector);
      if (found) return found;
      await new Promise((later) => setTimeout(later, 20));
    }
  };
  const start = await find('[data-action="start"][aria-disabled="false"]');
  const done = new Promise((resolve) => window.distillery.on('done', resolve));
  start.click();
  const { digest } = await done;
  await find('#race-bar[data-status="finished"]');
  await find('.verdict:not([data-verdict="none"])');
  return digest;
}

async function readHistogram() {
  const selector = '[data-testid="soft-targets-panel"][data-t="4"]:not([data-own]) [data-role="student"]';
  const digit = Number(document.querySelector('[data-testid="chosen-digit"]').dataset.index);
  for (;;) {
    const bars = document.querySelector(selector);
    if (bars) {
      const [atOne] = await window.distillery.softTargets('student', digit, [1]);
      return { digit, shown: JSON.parse(bars.dataset.probabilities), atOne };
    }
    await new Promise((later) => setTimeout(later, 20));
  }
}

function kindOfSimd() {
  const { textContent } = document.querySelector('details[data-engine] .panel');
  return textContent.includes('relaxed SIMD') ? 'relaxed' : 'plain';
}

function padBox() {
  const pad = document.querySelector('[data-testid="pad"]');
  pad.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { x, y, width, height } = pad.getBoundingClientRect();
  return { x, y, width, height };
}

/** What the teacher makes of the drawing once it has seen it to its end. */
async function readPrediction(wanted) {
  let probabilities = [];
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const bars = document.querySelector('[data-testid="prediction"][data-model="teacher"]');
    probabilities = JSON.parse(bars?.dataset.probabilities ?? '[]');
    if (probabilities.indexOf(Math.max(...probabilities)) === wanted) break;
    await new Promise((later) => setTimeout(later, 20));
  }
  return probabilities;
}

async function shortPath(browser) {
  await browser.goto(`${site.url}${SHORT}&view.digit=18`);
  const digest = await browser.evaluate(train);
  const { digit, shown, atOne } = await browser.evaluate(readHistogram);
  assert.equal(digit, 18);
  assertNear(shown, softmax(atOne.map(Math.log), 4), 1e-6, 'the student at T = 4');
  const { x, y, width, height } = await browser.evaluate(padBox);
  const at = (across, down) => ({ x: x + width * across, y: y + height * down });
  await browser.drag(at(0.53, 0.2), at(0.48, 0.8));
  const drawn = await browser.evaluate(readPrediction, 1);
  assert.equal(drawn.indexOf(Math.max(...drawn)), 1, `the drawn one is ${drawn}`);
  const kind = await browser.evaluate(kindOfSimd);
  return { digest, shown, kind };
}

for (const { name, launch, skip } of BROWSERS) {
  test(`open, train, read, draw: ${name}`, { skip, timeout: 180_000 }, async () => {
    const browser = await launch();
    try {
      const result = await shortPath(browser);
      assert.match(result.digest, /^[0-9a-f]{64}$/);
      const others = [...firsts.values()];
      if (!firsts.has(result.kind)) firsts.set(result.kind, result);
      const first = firsts.get(result.kind);
      assert.equal(result.digest, first.digest);
      // The softening is the browser's own exp, which may differ in the last bit.
      assertNear(result.shown, first.shown, 1e-12, 'the same bars as in a browser of its kind');
      for (const other of others) assertNear(result.shown, other.shown, 1e-3, 'about the same bars in all');
      assert.deepEqual(browser.noises ?? [], []);
    } finally {
      await browser.close();
    }
  });
}

/** Chromium walks the whole course, with the tests of lessons. */
for (const { name, launch, skip } of BROWSERS.filter((one) => one.name !== 'Chromium')) {
  test(`the first three lessons: ${name}`, { skip, timeout: 300_000 }, async (t) => {
    const whole = await serve();
    const browser = await launch();
    try {
      for (const [lesson, language] of [
        ['soft-labels', 'en'],
        ['temperature', 'zh'],
        ['two-losses', 'en'],
      ]) {
        const compared = await plainWalk(browser, whole, lesson, language);
        t.diagnostic(`${lesson}: ${compared} numbers worked out anew`);
        assert.ok(compared > 0, lesson);
      }
      assert.deepEqual(browser.noises ?? [], []);
    } finally {
      await browser.close();
      await whole.close();
    }
  });
}
