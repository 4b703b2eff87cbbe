// Every recipe on the page, at a size that ends in a second or two: it runs, and its tree is drawn.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { short } from './support/recipes.mjs';

const FOLDER = new URL('../../src/experiment/recipes/', import.meta.url);

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const recipes = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));

test('every recipe runs on the page, and its family tree shows every model', async (t) => {
  await onPage({ name: 'recipes' }, async (page) => {
    await lab.open(page, site);
    const offered = await page
      .locator('[data-field="recipe"] option')
      .evaluateAll((all) => all.map(({ value }) => value));
    assert.deepEqual([...offered].sort(), recipes.map(({ name }) => name).sort());
    for (const { name, config } of recipes) {
      await t.test(name, async () => {
        const record = await page.evaluate((wanted) => window.distillery.run(wanted), short(config));
        const models = Object.keys(config.models);
        assert.deepEqual(Object.keys(record.models), models);
        for (const model of models) {
          assert.equal(record.models[model].stopped ?? null, null, model);
          assert.equal(record.models[model].epochs.at(-1).evaluated, 100, model);
        }
        const terms = config.models.student?.objective?.imitates?.length ?? 0;
        assert.equal(record.models.student?.epochs.at(-1).loss.imitated?.length ?? 0, terms);
        for (const model of models)
          await page.locator(`[data-model="${model}"]:has([data-model-status])`).first().waitFor();
      });
    }
  });
});
