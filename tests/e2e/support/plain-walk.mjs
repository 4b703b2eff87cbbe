// A lesson walked by what every browser's driver can do: run a function in the page.

import assert from 'node:assert/strict';
import { DEEDS } from './deeds.mjs';
import { assertFact, assertLanguage, readLesson, workOut } from './walk.mjs';

/** Does what a step asks for, through the page's controls; says what stood there before and after. It runs in the page. */
async function take(at, { kind, number }, deed) {
  const pause = (ms) => new Promise((later) => setTimeout(later, ms));
  const find = async (selector) => {
    for (let tries = 0; tries < 2400; tries += 1) {
      const found = document.querySelector(selector);
      if (found) return found;
      await pause(50);
    }
    throw new Error(`${selector} does not come`);
  };
  const tell = (element, type) => element.dispatchEvent(new Event(type, { bubbles: true }));
  const write = (element, value) => {
    element.value = value;
    tell(element, 'input');
    tell(element, 'change');
    element.blur();
  };
  const field = async (path, value) => write(await find(`[data-field="${path}"] input`), value);
  const select = async (name, value) => write(await find(`[data-testid="${name}"]`), value);
  const chooseFirst = async () => {
    await pause(300);
    (await find('[role="listbox"] [role="option"]')).click();
  };
  const now = () => {
    const values = [...document.querySelectorAll('.value')].map(({ textContent }) => textContent);
    return Number(values.find((text) => text.includes('T =')).replace('T = ', ''));
  };
  const warm = async (isFar, by) => {
    const slider = await find('[data-testid="temperature"]');
    for (let steps = 0; steps < 200 && isFar(); steps += 1) {
      slider.stepUp(by);
      tell(slider, 'input');
      await pause(50);
    }
  };
  const turnTo = (t) => (now() < t ? warm(() => now() < t, 1) : warm(() => now() > t, -1));
  const race = async () => {
    await field('transfer_set.digits', 640);
    await field('training.epochs', 2);
    (await find('[data-action="start"][aria-disabled="false"]')).click();
    await find('#race-bar[data-status="running"], #race-bar[data-status="finished"]');
    await find('#race-bar[data-status="finished"]');
  };
  const step = await find(`[data-step="${at}"]`);
  const next = document.querySelector('[data-lesson-action="next"]');
  const heldBack = () => {
    const isDisabled = next.getAttribute('aria-disabled') === 'true';
    next.click();
    return isDisabled && step.isConnected && step.dataset.step === String(at);
  };
  const seen = {
    words: step.textContent,
    heldBack: kind === 'predict' || kind === 'do' ? heldBack() : null,
    met: step.dataset.met,
  };
  if (kind === 'predict') {
    if (number) write(await find('[data-prediction] input'), 10);
    else (await find('.choice')).click();
  }
  if (deed) {
    for (const [path, value] of Object.entries(deed.set ?? {})) await field(path, value);
    if (deed.t) await turnTo(deed.t);
    if (deed.warmed) {
      await turnTo(1);
      await warm(() => document.querySelector('[data-met="true"]') === null, 1);
    }
    if (deed.likest) {
      await select('sort', 'like');
      await select('class', deed.likest[0]);
      await select('like', deed.likest[1]);
      await chooseFirst();
    }
    if (deed.race) await race();
    await find(`[data-step="${at}"][data-met="true"]`);
  }
  return seen;
}

/** The numbers that a step tells. */
const told = (at) =>
  [...document.querySelectorAll(`[data-step="${at}"] [data-fact]`)].map(({ dataset, textContent }) => [
    dataset.fact,
    textContent.trim(),
  ]);

/** WebKit calls a page loaded before the last of its modules has run. */
const isReady = async () => {
  while (!window.distillery) await new Promise((later) => setTimeout(later, 20));
  await window.distillery.ready;
};
const goOn = () => document.querySelector('[data-lesson-action="next"][aria-disabled="false"]').click();
const isLeft = () => document.querySelector('aside[data-lesson]') === null;

/** Goes through a lesson with short races; answers how many numbers were worked out anew. */
export async function plainWalk(browser, site, name, language) {
  // WebKit's driver hands on what was thrown as an answer.
  const ask = async (body, ...args) => {
    const answer = await browser.evaluate(body, ...args);
    if (answer?.thrown) throw new Error(answer.thrown);
    return answer;
  };
  await browser.goto(`${site.url}#lesson=${name}&view.lang=${language}&view.engine=cpu`);
  await ask(isReady);
  const rest = [...DEEDS[name]];
  const kept = {};
  let compared = 0;
  for (const [at, { kind, number, text, keep = {} }] of readLesson(name).steps.entries()) {
    const where = `${name}, step ${at + 1}`;
    const deed = kind === 'do' ? rest.shift() : null;
    const { words, heldBack, met } = await ask(take, at, { kind, number: number !== undefined }, deed);
    assertLanguage(words, language, text);
    if (heldBack !== null) assert.ok(heldBack, `${where} lets one on before anything is done`);
    if (kind === 'do') assert.equal(met, 'false', where);
    for (const [as, fact] of Object.entries(keep)) kept[as] = await ask(workOut, fact);
    for (const [fact, shown] of await ask(told, at)) {
      const wanted = fact.startsWith('kept.') ? kept[fact.slice('kept.'.length)] : await ask(workOut, fact);
      if (assertFact(shown, wanted, `${where}: ${fact}`)) compared += 1;
    }
    await ask(goOn);
  }
  assert.equal(rest.length, 0, 'a deed was left over');
  assert.ok(await ask(isLeft), `${name} goes on behind its last step`);
  return compared;
}
