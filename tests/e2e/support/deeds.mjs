// What a visitor does at each step of a lesson that asks for something, lesson by lesson, in order.

import assert from 'node:assert/strict';
import * as lab from './page.mjs';

export async function setTemperature(page, wanted) {
  const slider = page.locator('[data-testid="temperature"]');
  const value = page.locator('.value', { hasText: 'T =' }).first();
  await slider.focus();
  const now = async () => Number((await value.textContent()).replace('T = ', ''));
  const way = (await now()) < wanted ? 'ArrowRight' : 'ArrowLeft';
  for (let i = 0; i < 100; i += 1) {
    const before = await now();
    if (way === 'ArrowRight' ? before >= wanted : before <= wanted) return;
    await page.keyboard.press(way);
  }
  assert.fail(`the slider does not reach ${wanted}`);
}

async function fill(page, path, value) {
  await lab.field(page, path).fill(String(value));
  await lab.field(page, path).blur();
}

const chooseRecipe = (page, name) => page.locator('[data-field="recipe"] select').selectOption(name);
const select = (page, name, value) => page.locator(`[data-testid="${name}"]`).selectOption(String(value));

async function chooseFirst(page) {
  await page.waitForTimeout(300);
  await page.locator('[role="listbox"] [role="option"]').first().click();
}

/** The likest of the digits of a class to another. */
async function chooseLikest(page, label, like) {
  await select(page, 'sort', 'like');
  await select(page, 'class', label);
  await select(page, 'like', like);
  await chooseFirst(page);
}

async function chooseOf(page, label) {
  await select(page, 'class', label);
  await chooseFirst(page);
}

/** Warms the digit until the lesson says that it is done. */
async function warmUntilMet(page) {
  await setTemperature(page, 1);
  for (let i = 0; i < 60; i += 1) {
    if ((await page.locator('[data-met="true"]').count()) > 0) return;
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(50);
  }
}

const HARD_WEIGHT = 'models.student.objective.hard_weight';
const TEMPERATURE = 'models.student.objective.temperature';
const HIDDEN = 'models.student.net.mlp.hidden';

/**
 * What is done: `recipe` chosen, fields `set`, a temperature `t` or the digit `warmed` until the lesson says that it is done, the
 * `likest` of a class to another or the first `of` a class chosen, and a `race`. One that is `given` may be made short by who
 * walks; where a recipe was chosen, or digits set, it is `whole`.
 */
export const DEEDS = {
  'first-minute': [{ t: 4 }, { race: 'given' }],
  'soft-labels': [{ t: 4 }, { race: 'given' }, { likest: [4, 9] }],
  temperature: [{ t: 20 }, { t: 0.2 }, { likest: [2, 3] }, { warmed: true }],
  'two-losses': [
    { set: { [HARD_WEIGHT]: 1 }, race: 'given' },
    { race: 'given' },
    { set: { [HARD_WEIGHT]: 0 }, race: 'whole' },
  ],
  'size-and-temperature': [
    { race: 'given' },
    { set: { [TEMPERATURE]: 2.5 }, race: 'whole' },
    { set: { [HIDDEN]: '300, 300', [TEMPERATURE]: 20 }, race: 'whole' },
  ],
  'never-seen': [{ race: 'given' }, { of: 3 }],
  'transfer-sets': [{ race: 'given' }, { recipe: 'only-noise', race: 'whole' }],
  'teacher-or-data': [{ race: 'given' }, { set: { 'transfer_set.digits': 1000 }, race: 'whole' }],
  inside: [{ race: 'given' }, { race: 'given' }, { recipe: 'relations', race: 'whole' }],
  'many-teachers': [
    { race: 'given' },
    { race: 'given' },
    { race: 'given' },
    { recipe: 'several-tasks', race: 'whole' },
  ],
  'small-otherwise': [
    { race: 'given' },
    { race: 'given' },
    { recipe: 'pruned-with-a-teacher', race: 'whole' },
  ],
  'language-models': [
    { race: 'given' },
    { set: { 'transfer_set.digits': 2000 }, race: 'whole' },
    { race: 'given' },
    { set: { seed: 1 }, race: 'whole' },
  ],
  'odd-things': [{ race: 'given' }, { race: 'given' }, { of: 3 }],
  exercises: [
    { warmed: true },
    { t: 20 },
    { race: 'given' },
    { set: { 'transfer_set.digits': 1500 }, race: 'whole' },
    { set: { [HARD_WEIGHT]: 1 }, race: 'whole' },
  ],
};

async function act(page, { recipe, set = {}, t, warmed, likest, of, race }, given) {
  if (recipe) await chooseRecipe(page, recipe);
  for (const [path, value] of Object.entries(set)) await fill(page, path, value);
  if (t) await setTemperature(page, t);
  if (warmed) await warmUntilMet(page);
  if (likest) await chooseLikest(page, ...likest);
  if (of) await chooseOf(page, of);
  if (race) await (race === 'given' ? given : lab.race)(page);
}

/** A lesson's deeds, in order. `race` presses Start and waits for the end; the tests of the suite give one that first makes it short. */
export const deedsOf = (name, race = lab.race) => DEEDS[name].map((deed) => (page) => act(page, deed, race));
