// Experiments on clothes: Fashion-MNIST's own pictures to learn on and to be measured on, and its classes by their names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const TICKET =
  '#recipe=ticket-to-fashion&transfer_set.digits=2000&training.epochs=2&data.evaluated=1000&view.engine=cpu';
const SHORT = [
  'T-shirt',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'boot',
];

const panel = '[data-testid="soft-targets-panel"][data-own]';
const axis = (page) => page.locator(`${panel} ol li`).allTextContents();

test('a ticket found on digits learns clothes, whose classes have their names everywhere', async () => {
  await onPage({ name: 'ticket-to-fashion' }, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1)));
    const sheets = () => asked.filter((name) => name.startsWith('fashion')).map((name) => name.split('.')[0]);
    await lab.open(page, site, TICKET);
    // There is something to look at before anything has learnt.
    const { index, label } = await lab.chosenDigit(page);
    assert.deepEqual(sheets(), ['fashion_test']);
    await lab.race(page);
    await lab.press(page, 'open-test');
    await page.locator('[data-test-digits="open"]').waitFor();
    // The held-out ones are the last of those to learn on.
    assert.deepEqual(sheets().sort(), ['fashion-0', 'fashion-1', 'fashion_test'], 'each once');

    const { models, config, test: tested } = await lab.record(page);
    assert.deepEqual([config.data.set, config.data.evaluate_on], ['fashion', 'validation']);
    assert.equal(tested.models.ticket.evaluated, 1000);
    assert.ok(Math.abs(tested.models.ticket.errors - models.ticket.epochs.at(-1).errors) < 100);
    const errors = (model) => models[model].epochs.at(-1).errors;
    // Chance is 900 errors of 1,000, with a standard deviation of 9; what has learnt is far from it.
    for (const model of ['dense', 'ticket', 'home-ticket'])
      assert.ok(errors(model) < 500, `${model}: ${errors(model)}`);
    // Who has learnt digits alone is not.
    assert.ok(errors('digits') > 700, `digits: ${errors('digits')}`);

    assert.deepEqual(await axis(page), SHORT);
    const chosen = page.locator('[data-testid="explorer"]');
    const name = SHORT[label] === 'T-shirt' ? 'T-shirt/top' : SHORT[label].replace(/^boot$/, 'ankle boot');
    assert.match(await chosen.textContent(), new RegExp(`Test digit ${index}, label ${name}`));
    assert.match(await page.locator('[data-testid="sentence"]').textContent(), new RegExp(name));
    const rows = page.locator('[data-testid="soft-targets-table"] table').first().locator('tbody th');
    assert.equal((await rows.allTextContents())[9], 'ankle boot');
    const classes = page.locator('[data-testid="class"] option');
    assert.equal((await classes.allTextContents()).at(-1), 'only ankle boot');
    await lab.drawSeven(page);
    const drawn = page.locator('section.prediction[data-model="ticket"][data-choice]');
    await drawn.waitFor();
    const choice = SHORT[Number(await drawn.getAttribute('data-choice'))];
    assert.equal(await drawn.locator('.choice').textContent(), choice);

    await page.getByRole('button', { name: '中文' }).click();
    await page.locator(`${panel} ol li`, { hasText: '短靴' }).waitFor();
    assert.equal((await axis(page))[0], 'T 恤');
  });
});

test('who asks a shipped teacher about clothes is told that it has learnt digits', async () => {
  await onPage({ name: 'clothes-refused' }, async (page) => {
    await lab.open(page, site, '#recipe=first-race&view.engine=cpu');
    await page.locator('[data-field="data.set"] select').selectOption('fashion');
    const told = page.locator('[data-field="data.set"]').getByText('those have learnt digits');
    await told.waitFor();
    assert.equal(await page.locator('[data-action="start"]').getAttribute('aria-disabled'), 'true');
    await page.locator('[data-field="data.set"] select').selectOption('mnist');
    await told.waitFor({ state: 'detached' });
  });
});
