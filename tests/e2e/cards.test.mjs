// A shipped model's card stands beside the tree, and the model can be trained here in place of the checkpoint.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';

const TEACHERS = new URL('../../assets/teachers/', import.meta.url);
const RECIPES = new URL('../../src/experiment/recipes/', import.meta.url);

const { site, onPage } = await setUp();

const read = (folder, file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const cardOf = (name) => read(TEACHERS, `${name}.json`);
/** Recipes with shipped models, `[model, checkpoint]`: those that bring one which none before has; ALL=1 all of them (`make proofs`). */
const met = new Set();
const withShipped = readdirSync(RECIPES)
  .map((file) => read(RECIPES, file))
  .map(({ name, config }) => {
    const shipped = Object.entries(config.models).filter(([, { init }]) => init?.pretrained);
    return { name, shipped: shipped.map(([model, { init }]) => [model, init.pretrained]) };
  })
  .filter(({ shipped }) => {
    const news = shipped.filter(([, checkpoint]) => !met.has(checkpoint));
    for (const [, checkpoint] of news) met.add(checkpoint);
    return news.length > 0 || (process.env.ALL && shipped.length > 0);
  });

const words = (count) => new Intl.NumberFormat('en').format(count);
const choose = (page, model) => page.locator(`.tree li[data-model="${model}"] button`).click();
const card = (page, name, isShipped) =>
  page.locator(`[data-card="${name}"][data-card-shipped="${isShipped}"]`);

test('the card says what the file beside the weights says', async () => {
  await onPage({ name: 'card' }, async (page) => {
    await lab.open(page, site);
    await choose(page, 'teacher');
    const { name, test_errors, validation_errors, weights_digest, command, config } =
      cardOf('mnist-cnn-1000');
    const shown = card(page, name, true);
    await shown.waitFor();
    const figure = (which) => shown.locator(`[data-card-figure="${which}"]`).textContent();
    assert.equal((await figure('test')).trim(), `${words(test_errors)} of 10,000`);
    assert.equal((await figure('validation')).trim(), `${words(validation_errors)} of 5,000`);
    assert.equal(await shown.locator('code[title]').getAttribute('title'), weights_digest);
    const text = await shown.textContent();
    for (const said of [command, '1,000 labelled digits', `${config.training.epochs} epochs`, 'seed 1'])
      assert.ok(text.includes(said), `${said}: ${text}`);
    await shown.locator('summary').click();
    assert.deepEqual(JSON.parse(await lab.exported(page, 'card-config')), config);
    await shown.locator('[data-card-time="known"]').waitFor();
    // The student has none.
    await choose(page, 'student');
    await shown.waitFor({ state: 'detached' });
  });
});

test('each shipped model can be trained here: the setting is allowed, stands in the link, and goes back', async (t) => {
  await onPage({ name: 'card-recipes' }, async (page) => {
    await lab.open(page, site, '#view.engine=cpu');
    for (const { name, shipped } of withShipped) {
      await t.test(name, async () => {
        await page.locator('[data-field="recipe"] select').selectOption(name);
        await lab.ready(page);
        const before = await page.locator('main').getAttribute('data-settings');
        for (const [model, checkpoint] of shipped) {
          await choose(page, model);
          await card(page, checkpoint, true).waitFor();
          await lab.press(page, 'train-here');
          await card(page, checkpoint, false).waitFor();
          await page.locator(`.tree li[data-model="${model}"] [data-model-status="untrained"]`).waitFor();
        }
        // What the lab makes of it: as the page asks it, and by starting the race's session.
        await lab.ready(page);
        await lab.press(page, 'step');
        await lab.status(page, 'paused');
        await lab.press(page, 'reset');
        await lab.ready(page);
        for (const [model, checkpoint] of shipped) {
          await choose(page, model);
          await card(page, checkpoint, false).waitFor();
          await lab.press(page, 'train-here');
          await card(page, checkpoint, true).waitFor();
        }
        assert.equal(await page.locator('main').getAttribute('data-settings'), before);
      });
    }
  });
});

test('a link carries the setting, and the card says what differs here', async () => {
  await onPage({ name: 'card-link' }, async (page) => {
    await lab.open(page, site, '#recipe=ensemble&view.engine=cpu');
    await choose(page, 'third');
    await lab.press(page, 'train-here');
    await page.waitForFunction(() => location.hash.includes('models.third.training'));
    await page.reload();
    await lab.ready(page);
    await choose(page, 'third');
    const shown = card(page, 'mnist-cnn-small-3', false);
    assert.match(await shown.textContent(), /Other than on the card: seed 1, not 3\./);
    await lab.field(page, 'seed').fill('3');
    await shown.getByText('Other than on the card').waitFor({ state: 'detached' });
    await lab.press(page, 'train-here');
    await page.waitForFunction(() => !location.hash.includes('models.third'));
  });
});

// It learns for as long as its card says, more than a minute.
const skip = process.env.ALL ? false : 'make proofs trains it';
test('a teacher that is trained here teaches, and its errors stand beside the card’s', {
  skip,
}, async (t) => {
  // Short but for the teacher, which learns all that its card says.
  const SHORT =
    '#data.evaluate_on="test"&data.evaluated=500&transfer_set.digits=640&training.epochs=1' +
    '&models.control.training.epochs=1&models.regularised.training.epochs=1&view.engine=cpu';
  await onPage({ name: 'card-race' }, async (page) => {
    await lab.open(page, site, SHORT);
    await choose(page, 'teacher');
    const shown = page.locator('[data-card="mnist-cnn-1000"]');
    await lab.press(page, 'train-here');
    await shown.locator('[data-card-time="known"]').waitFor();
    t.diagnostic(`foretold: ${await shown.locator('[data-card-time]').textContent()}`);
    const begun = Date.now();
    await lab.race(page, 240_000);
    t.diagnostic(`the race took ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    const { models } = await lab.record(page);
    const { epoch, errors, evaluated } = models.teacher.epochs.at(-1);
    assert.equal(epoch, cardOf('mnist-cnn-1000').config.training.epochs);
    t.diagnostic(`${errors} errors of ${evaluated}; on the card 216 of 10,000`);
    // 216 of 10,000 are 11 of 500; so many more than 30 come by chance in one of a million such draws.
    assert.ok(evaluated === 500 && errors <= 30, `${errors} of ${evaluated}`);
    assert.equal(
      (await shown.locator('[data-card-figure="here"]').textContent()).trim(),
      `${errors} of 500 test digits`,
    );
    assert.equal(models.student.stopped ?? null, null);
    assert.ok(
      models.student.epochs.at(-1).agreement > 50,
      'the student follows a teacher that knows something',
    );
  });
});
