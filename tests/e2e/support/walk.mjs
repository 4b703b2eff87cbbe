// A lesson from its first step to its last: each deed is seen to be missing before and to be there after, and each number that
// the lesson tells is worked out anew.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as lab from './page.mjs';
import { ROOT } from './site.mjs';

const COURSE = join(ROOT, 'www/lessons/data');
/** Lessons that a teacher hands out as a file. */
const FILES = { exercises: join(ROOT, 'docs/teaching/exercises.json') };

/** The course's lessons, and those of files. */
export const LESSONS = [
  ...readdirSync(COURSE).map((file) => file.replace('.json', '')),
  ...Object.keys(FILES),
];
const fileOf = (name) => FILES[name] ?? join(COURSE, `${name}.json`);

export const readLesson = (name) => JSON.parse(readFileSync(fileOf(name), 'utf8'));

/** Opens a lesson: by its link, or by the file that a learner was given. */
export async function openLesson(page, site, name, language) {
  if (!(name in FILES)) return lab.open(page, site, `#lesson=${name}&view.lang=${language}`);
  await lab.open(page, site, `#view.lang=${language}`);
  await page.locator('[data-page="learn"]').click();
  await page.locator('[data-learn] input[type="file"]').setInputFiles(FILES[name]);
}

export const aside = (page) => page.locator('aside[data-lesson]');
export const step = (page, at) => page.locator(`[data-step="${at}"]`);

export async function goOn(page) {
  await page.locator('[data-lesson-action="next"][aria-disabled="false"]').click();
}

/** A press on Next while there is something to do first: nothing happens. */
export async function assertHeldBack(page, at) {
  const next = page.locator('[data-lesson-action="next"]');
  assert.equal(await next.getAttribute('aria-disabled'), 'true', `step ${at + 1}`);
  // A browser presses a button that says it is disabled; Playwright would wait.
  await next.click({ force: true });
  assert.equal(await page.locator('[data-step]').getAttribute('data-step'), String(at));
}

/**
 * What the page must show for a fact, worked out from the record of the race, the teacher's answers or the table; null where nothing
 * is to be known that way, a list of words where they have to be among what is shown. It runs in the page; a browser gets its text.
 */
export async function workOut(fact) {
  const whole = (value) => new Intl.NumberFormat('en').format(value);
  const share = (p) => {
    if (p >= 0.995) return '> 99 %';
    return p < 1e-4 ? null : `${p >= 0.1 ? Number((p * 100).toPrecision(2)) : (p * 100).toPrecision(2)} %`;
  };
  const record = window.distillery.record();
  const last = (model) => record.models[model].epochs.at(-1);
  const [kind, what, ...rest] = fact.split('.');
  if (kind === 'cost') {
    const cells = document.querySelectorAll(`tr[data-cost="${rest[0]}"] td`);
    return cells[{ weights: 0, multiply_adds: 2 }[what]].textContent.trim();
  }
  if (kind === 'race') {
    const model = rest[0];
    switch (what) {
      case 'errors':
      case 'evaluated':
      case 'teachers_errors':
        return whole(last(model)[what]);
      case 'calibration':
        return share(last(model).calibration_error);
      case 'bytes':
        return whole(record.costs[model].stored.file_bytes);
      case 'verdict_words':
        return [whole(last('student').errors)];
    }
  }
  if (kind !== 'digit') return null;
  // The lesson asks the teacher alone and may know of a digit that was chosen before the explorer has both models' answers.
  const { dataset } = document.querySelector('[data-testid="chosen-digit"]');
  const isOnShow = () => {
    const chosen = document.querySelector('[role="listbox"] [role="option"][aria-selected="true"]');
    return chosen === null || chosen.dataset.digit === dataset.index;
  };
  for (let tries = 0; tries < 400 && !isOnShow(); tries += 1)
    await new Promise((later) => setTimeout(later, 50));
  const [index, label] = [Number(dataset.index), Number(dataset.label)];
  const values = [...document.querySelectorAll('.value')].map(({ textContent }) => textContent);
  const t = Number(values.find((text) => text.includes('T =')).replace('T = ', ''));
  const [cold, warm] = await window.distillery.softTargets('teacher', index, [1, t]);
  const others = cold.map((p, i) => (i === label ? -1 : p));
  const other = others.indexOf(Math.max(...others));
  const figures = {
    index: whole(index),
    label: String(label),
    other: String(other),
    other_share: share(warm[other]),
    other_share_at_1: share(cold[other]),
    label_share: share(warm[label]),
    label_share_at_1: share(cold[label]),
    share: share(warm[rest[0]]),
    share_at_1: share(cold[rest[0]]),
  };
  return figures[what] ?? null;
}

/** Holds what is shown for a fact to what was worked out; answers whether there was anything to hold it to. */
export function assertFact(words, wanted, where) {
  assert.doesNotMatch(words, /^…$/, where);
  if (wanted === null || wanted === undefined) return false;
  if (typeof wanted === 'string') assert.equal(words, wanted, where);
  else for (const part of wanted) assert.ok(words.includes(part), `${where}: ${words} does not have ${part}`);
  return true;
}

/** Whether a step is in the language that was asked for. */
export function assertLanguage(words, language, text) {
  if (language === 'zh') assert.match(words, /\p{Script=Han}/u, text.zh);
  else assert.doesNotMatch(words, /\p{Script=Han}/u, text.en);
}

/** Holds every number of the step to what is worked out anew; `kept` has what earlier steps had to remember. */
async function assertFacts(page, at, name, kept) {
  let compared = 0;
  for (const shown of await step(page, at).locator('[data-fact]').all()) {
    const fact = await shown.getAttribute('data-fact');
    const words = (await shown.textContent()).trim();
    const wanted = fact.startsWith('kept.')
      ? kept[fact.slice('kept.'.length)]
      : await page.evaluate(workOut, fact);
    if (assertFact(words, wanted, `${name}, step ${at + 1}: ${fact}`)) compared += 1;
  }
  return compared;
}

/** Goes through a lesson; answers how many numbers were worked out anew. `told`: takes a line about each step. */
export async function walk(page, name, language, { deeds, told = () => undefined }) {
  const { steps } = readLesson(name);
  const rest = [...deeds];
  const kept = {};
  let compared = 0;
  for (const [at, { kind, number, text, keep = {} }] of steps.entries()) {
    await step(page, at).waitFor();
    const words = await step(page, at).textContent();
    assertLanguage(words, language, text);
    if (kind === 'predict') {
      await assertHeldBack(page, at);
      if (number) await page.locator('[data-prediction] input').fill('10');
      else await page.locator('.choice').first().click();
    }
    if (kind === 'do') {
      assert.equal(await step(page, at).getAttribute('data-met'), 'false', `${name}, step ${at + 1}, before`);
      await assertHeldBack(page, at);
      const began = Date.now();
      await rest.shift()(page);
      await page.locator(`[data-step="${at}"][data-met="true"]`).waitFor();
      told(`step ${at + 1}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
      for (const [as, fact] of Object.entries(keep)) kept[as] = await page.evaluate(workOut, fact);
    }
    compared += await assertFacts(page, at, name, kept);
    const came = page.locator('[data-came-true]');
    if ((await came.count()) > 0)
      told(`step ${at + 1}: first choice ${await came.getAttribute('data-came-true')}`);
    if (kind === 'reveal') told(`step ${at + 1}: ${words.replace(/\s+/g, ' ').trim()}`);
    await goOn(page);
  }
  assert.equal(rest.length, 0, 'a deed was left over');
  await aside(page).waitFor({ state: 'detached' });
  return compared;
}
