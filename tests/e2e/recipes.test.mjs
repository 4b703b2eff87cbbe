// Every recipe on the page, at a size that ends in a second or two: it runs, and its tree is drawn. Beneath the choice stands
// what is known of it: its claim, what was measured, and what to try next.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { short } from './support/recipes.mjs';

const FOLDER = new URL('../../src/experiment/recipes/', import.meta.url);

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const claims = read('www/lab/recipe/claims.json');
const measured = read('docs/records/methods.json');
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

const SWITCH = { en: 'English', zh: '中文' };
const WORDS = {
  en: {
    better: 'better, p',
    worse: 'worse, p',
    same: 'too close to tell apart, p',
    nothing: /On digits this gains nothing/,
    changed: /figures are of the recipe as prepared/,
  },
  zh: {
    better: '更好，p',
    worse: '更差，p',
    same: '相差太小，无法区分，p',
    nothing: /在数字上.*没有任何收益/,
    changed: /这些数据属于原本的方案/,
  },
};

const evidence = (page, name) => page.locator(`[data-evidence="${name}"] dl`);

/** What the record says, worked out as the command line's table has it. */
function figuresOf({ errors, against }) {
  const means = Object.entries(errors).map(([model, all]) => {
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    const squares = all.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (all.length - 1));
    const told = [mean, deviation].map((value) => new Intl.NumberFormat('en').format(Math.round(value)));
    return [model, told.join(' ± ')];
  });
  const verdicts = Object.entries(against).map(([other, { p, only_model_wrong, only_other_wrong }]) => {
    const median = [...p].sort((a, b) => a - b)[Math.floor(p.length / 2)];
    const difference = only_model_wrong.reduce((sum, one, seed) => sum + one - only_other_wrong[seed], 0);
    return [other, median >= 0.05 ? 'same' : difference < 0 ? 'better' : 'worse'];
  });
  return { means: Object.fromEntries(means), verdicts: Object.fromEntries(verdicts) };
}

/** Of each set of verdicts one, for another language, whose words differ by those alone; ALL=1 all of them (`make proofs`). */
const wordings = new Set();
const ofEachWording = measured.filter((record) => {
  const kinds = JSON.stringify(figuresOf(record).verdicts);
  const isNew = !wordings.has(kinds);
  wordings.add(kinds);
  return isNew;
});

test('a recipe shows its claim, the figures of the record and what to try next, each wording in both languages', async (t) => {
  assert.ok(measured.length > 0);
  await onPage({ name: 'evidence' }, async (page) => {
    await lab.open(page, site, '#view.lang=en');
    for (const language of ['en', 'zh']) {
      if (language !== 'en') await page.getByRole('button', { name: SWITCH[language] }).click();
      for (const record of language === 'en' || process.env.ALL ? measured : ofEachWording) {
        const { recipe } = record;
        await t.test(`${recipe}, ${language}`, async () => {
          await page.locator('[data-field="recipe"] select').selectOption(recipe);
          const about = evidence(page, recipe);
          await about.waitFor();
          assert.equal(
            await about.locator('[data-evidence-claim]').textContent(),
            claims[recipe].claim[language],
          );
          assert.equal(
            await about.locator('[data-evidence-next]').textContent(),
            claims[recipe].next[language],
          );
          const { means, verdicts } = figuresOf(record);
          for (const [model, told] of Object.entries(means)) {
            const row = about.locator(`[data-evidence-model="${model}"]`);
            assert.deepEqual(JSON.parse(await row.getAttribute('data-errors')), record.errors[model]);
            assert.ok((await row.textContent()).includes(told), `${model}: ${told}`);
            // A mark for each seed, none beyond the axis.
            const places = await row
              .locator('.mark')
              .evaluateAll((marks) => marks.map((mark) => Number.parseFloat(mark.getAttribute('x'))));
            assert.equal(places.length, record.seeds.length);
            assert.ok(places.every((place) => place >= 0 && place <= 100));
          }
          for (const [other, kind] of Object.entries(verdicts)) {
            const verdict = about.locator(`[data-evidence-verdict="${other}"]`);
            assert.equal(await verdict.getAttribute('data-kind'), kind);
            assert.ok((await verdict.textContent()).includes(WORDS[language][kind]), kind);
          }
          const nothing = about.locator('[data-evidence-nothing]');
          if ((verdicts.regularised ?? 'better') === 'better') assert.equal(await nothing.count(), 0);
          else assert.match(await nothing.textContent(), WORDS[language].nothing);
          const how = about.locator('details');
          await how.locator('summary').click();
          const command = `distillery methods --recipes ${recipe} --seeds ${record.seeds.length} `;
          assert.ok((await how.textContent()).includes(command));
          assert.ok((await how.textContent()).includes(`Distillery ${record.version}`));
        });
      }
    }
  });
});

test('every recipe has figures; changed settings say that they are not theirs', async () => {
  assert.deepEqual(measured.map(({ recipe }) => recipe).sort(), recipes.map(({ name }) => name).sort());
  const [{ recipe }] = measured;
  await onPage({ name: 'evidence-changed' }, async (page) => {
    await lab.open(page, site, `#recipe=${recipe}&view.lang=en`);
    await evidence(page, recipe).waitFor();
    assert.equal(await page.locator('[data-evidence-changed]').count(), 0);
    await lab.field(page, 'training.epochs').fill('3');
    assert.match(await page.locator('[data-evidence-changed]').textContent(), WORDS.en.changed);
  });
});
