// Every setting stands in the URL: a reload restores it, a bad value is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const FIELDS = {
  'models.student.net.mlp.hidden': '12, 8',
  'models.student.objective.temperature': '7.5',
  'models.student.objective.hard_weight': '0.35',
  'transfer_set.digits': '800',
  seed: '42',
  'training.epochs': '3',
  'training.batch_size': '32',
  'training.learning_rate.cosine.from': '0.002',
};

async function fields(page) {
  const entries = Object.keys(FIELDS).map(async (path) => [path, await lab.field(page, path).inputValue()]);
  return Object.fromEntries(await Promise.all(entries));
}

async function view(page) {
  return {
    log: await page.locator('[data-testid="log-axis"]').isChecked(),
    slider: await page.locator('[data-testid="temperature"]').inputValue(),
    sort: await page.locator('[data-testid="sort"]').inputValue(),
    theme: await page.locator('html').getAttribute('data-theme'),
    lang: await page.locator('html').getAttribute('lang'),
    digit: (await lab.chosenDigit(page)).index,
  };
}

test('a reload from the URL restores every setting', async () => {
  await onPage({ name: 'settings' }, async (page) => {
    await lab.open(page, site, '#view.digit=5');
    for (const [path, value] of Object.entries(FIELDS)) {
      await lab.field(page, path).fill(value);
      await lab.field(page, path).blur();
    }
    await page.locator('[data-testid="log-axis"]').check();
    await page.locator('[data-testid="temperature"]').fill('40');
    await page.locator('[data-testid="sort"]').selectOption('label');
    await page.getByRole('button', { name: 'Theme: automatic' }).click();
    await page.getByRole('button', { name: '中文' }).click();
    await page.waitForFunction(() => location.hash.includes('view.lang=zh'));
    const wanted = { fields: await fields(page), view: await view(page) };
    assert.deepEqual(wanted.fields, FIELDS);
    assert.equal(wanted.view.theme, 'light');
    assert.equal(wanted.view.lang, 'zh-Hans');
    const { hash } = new URL(page.url());
    await page.reload();
    await lab.ready(page);
    assert.deepEqual({ fields: await fields(page), view: await view(page) }, wanted);
    assert.equal(new URL(page.url()).hash, hash);
  });
});

test('bad values in a link are named; good ones beside them are taken', async () => {
  await onPage({ name: 'refused' }, async (page) => {
    await lab.open(page, site, '#recipe=first-race&seed=7&training.epochs=-3&nonsense=1&view.t=99');
    const notice = page.locator('[data-kind="refused"]');
    await notice.waitFor();
    const text = await notice.textContent();
    for (const path of ['training.epochs', 'nonsense', 'view.t']) assert.ok(text.includes(path), text);
    assert.equal(await lab.field(page, 'seed').inputValue(), '7');
    assert.notEqual(await lab.field(page, 'training.epochs').inputValue(), '-3');
  });
});

test('from a recipe as it is', async (t) => {
  await onPage({ name: 'fields' }, async (page) => {
    await lab.open(page, site);
    await t.test('the hash holds nothing while nothing differs from the recipe', async () => {
      await lab.field(page, 'seed').fill('9');
      await page.waitForFunction(() => location.hash === '#recipe=same-labels&seed=9');
      await lab.field(page, 'seed').fill('1');
      await page.waitForFunction(() => location.hash === '');
    });
    await t.test(
      'a value that is not allowed is named beside its field, and Start says why it waits',
      async () => {
        await lab.field(page, 'training.batch_size').fill('99999');
        await page.locator('[data-action="start"][aria-disabled="true"]').waitFor();
        const text = await page.locator('[data-field="training.batch_size"]').textContent();
        assert.match(text, /99999/);
        assert.match(await page.locator('#reason-start').textContent(), /not allowed/);
        await lab.field(page, 'training.batch_size').fill('64');
        await lab.ready(page);
      },
    );
    await t.test(
      'a choice offers what the schema knows, with its settings, and stands in the URL',
      async () => {
        const soft = page.locator('[data-field="models.student.objective.soft"] select');
        const offered = await soft
          .locator('option')
          .evaluateAll((options) => options.map(({ value }) => value));
        assert.deepEqual(offered, [
          'cross_entropy',
          'kl',
          'logit_mse',
          'decoupled',
          'reverse_kl',
          'jensen_shannon',
          'teacher_labels',
        ]);
        assert.equal(await soft.inputValue(), 'cross_entropy');
        await soft.selectOption('decoupled');
        await page.waitForFunction(() => location.hash.includes('objective.soft'));
        const weight = lab.field(page, 'models.student.objective.soft.decoupled.non_target');
        assert.equal(await weight.inputValue(), '8');
        await page.getByText('right class and other classes apart: settings').click();
        await weight.fill('101');
        await page.locator('[data-action="start"][aria-disabled="true"]').waitFor();
        await weight.fill('4');
        await page.waitForFunction(() => decodeURIComponent(location.hash).includes('"non_target":4'));
        await page.reload();
        await lab.ready(page);
        assert.equal(await soft.inputValue(), 'decoupled');
        assert.equal(await weight.inputValue(), '4');
        await soft.selectOption('cross_entropy');
        await page.waitForFunction(() => !location.hash.includes('objective.soft'));
        assert.equal(await weight.count(), 0);
        await page.locator('[data-field="training.optimiser"] select').selectOption('sgd');
        await page.waitForFunction(() => location.hash.includes('training.optimiser'));
        assert.equal(await lab.field(page, 'training.optimiser.sgd.momentum').inputValue(), '0.9');
      },
    );
  });
});
