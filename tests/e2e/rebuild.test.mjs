// Experiments made by chance, each set again through the workbench alone, from the race that opens first. COUNT says how
// many, SEED which.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { drawing } from '../support/drawing.mjs';
import { setUp } from './support/fixture.mjs';
import { oddConfig } from './support/odd-configs.mjs';
import * as lab from './support/page.mjs';
import { rebuild } from './support/rebuild.mjs';
import { SHORT } from './support/settings.mjs';

const COUNT = Number(process.env.COUNT ?? 2);
const SEED = Number(process.env.SEED ?? 1);
const FOLDER = new URL('../../src/experiment/recipes/', import.meta.url);
const RECIPES = readdirSync(FOLDER).sort();

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const config = (page) => page.evaluate(() => window.distillery.config());

/** The first of many odd configs that can be run, with every default. */
async function drawn(page, draw) {
  for (let tries = 0; tries < 200; tries += 1) {
    const recipe = RECIPES[Math.floor(draw() * RECIPES.length)];
    const { config: prepared } = JSON.parse(readFileSync(new URL(recipe, FOLDER), 'utf8'));
    const odd = oddConfig(prepared, draw, 0.05 + 0.3 * draw());
    const whole = await page.evaluate(
      (candidate) => window.distillery.setConfig(candidate).catch(() => null),
      odd,
    );
    if (whole) return { recipe: recipe.replace('.json', ''), tries, whole };
  }
  throw new Error('no config that can be run');
}

for (let place = 0; place < COUNT; place += 1) {
  test(`config ${SEED}.${place} is set on the page`, { timeout: 300_000 }, async (t) => {
    await onPage({ name: `rebuilt ${place}` }, async (page) => {
      await lab.open(page, site, SHORT);
      await lab.ready(page);
      const start = await config(page);
      const { recipe, tries, whole } = await drawn(page, drawing(SEED * 1000 + place));
      t.diagnostic(
        `from ${recipe}, after ${tries} that cannot be run: ${JSON.stringify(whole).length} characters`,
      );
      await page.evaluate((candidate) => window.distillery.setConfig(candidate), start);
      const bench = page.locator('[data-testid="workbench"]');
      await bench.locator('summary').click();
      await bench.locator('[data-edit="text"]').waitFor();
      await rebuild(page, whole);
      for (let tries = 0; ; tries += 1) {
        const found = await config(page);
        const isSame = JSON.stringify(found) === JSON.stringify(whole);
        if (isSame || tries === 50) {
          assert.deepEqual(found, whole);
          break;
        }
        await page.waitForTimeout(100);
      }
      assert.equal(await bench.locator('[data-testid="workbench-problems"]').textContent(), '');
    });
  });
}
