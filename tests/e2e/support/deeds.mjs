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

const hardWeight = 'models.student.objective.hard_weight';
const temperature = 'models.student.objective.temperature';

/**
 * `race` presses Start and waits for the end; the tests of the suite give one that first makes the race short. Races in which
 * the visitor has chosen a recipe, or set digits, are run as they are.
 */
export const deedsOf = (name, race = lab.race) => {
  const recipe = (of) => async (page) => {
    await chooseRecipe(page, of);
    await lab.race(page);
  };
  const field =
    (path, value, run = lab.race) =>
    async (page) => {
      await fill(page, path, value);
      await run(page);
    };
  const DEEDS = {
    'first-minute': [(page) => setTemperature(page, 4), race],
    'soft-labels': [(page) => setTemperature(page, 4), race, (page) => chooseLikest(page, 4, 9)],
    temperature: [
      (page) => setTemperature(page, 20),
      (page) => setTemperature(page, 0.2),
      (page) => chooseLikest(page, 2, 3),
      warmUntilMet,
    ],
    'two-losses': [field(hardWeight, 1, race), race, field(hardWeight, 0)],
    'size-and-temperature': [
      race,
      field(temperature, 2.5),
      async (page) => {
        await fill(page, 'models.student.net.mlp.hidden', '300, 300');
        await field(temperature, 20)(page);
      },
    ],
    'never-seen': [race, (page) => chooseOf(page, 3)],
    'transfer-sets': [race, recipe('only-noise')],
    'teacher-or-data': [race, field('transfer_set.digits', 1000)],
    inside: [race, race, recipe('relations')],
    'many-teachers': [race, race, race, recipe('several-tasks')],
    'small-otherwise': [race, race, recipe('pruned-with-a-teacher')],
    'language-models': [race, field('transfer_set.digits', 2000), race, field('seed', 1)],
    'odd-things': [race, race, (page) => chooseOf(page, 3)],
  };
  return DEEDS[name];
};
