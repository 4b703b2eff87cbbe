// The examples of examples/embed as they stand, but for the address of the site, in a page of another site.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { otherSite } from './support/lesson.mjs';
import { SHORT_CONFIG } from './support/settings.mjs';
import { ROOT, serve } from './support/site.mjs';

const { site, onPage } = await setUp();
const example = (name) =>
  readFileSync(join(ROOT, 'examples/embed', name), 'utf8').replaceAll(
    'https://YOUR-SITE/distillery/',
    site.url,
  );
const blank =
  '<!doctype html><html lang="en"><title>A notebook</title><link rel="icon" href="data:,"><main></main>';
const around = await serve({
  folder: join(ROOT, 'examples/embed'),
  pages: {
    '/plain': example('plain.html'),
    '/client': example('client.html'),
    '/moodle': blank.replace('<main>', `<main>${example('moodle.html')}`),
    '/notebook': blank,
  },
});
after(() => around.close());
const host = otherSite(around.url);

const active = (page, place) =>
  page.waitForFunction((at) => document.querySelectorAll('distillery-lab')[at]?.state === 'active', place);

test('plain.html: the script finds the page beside itself; the second runs when its button is pressed', async () => {
  await onPage({ name: 'example-plain' }, async (page) => {
    await page.goto(`${host}plain`);
    await active(page, 0);
    await page.getByRole('button', { name: '在此运行' }).click();
    await active(page, 1);
    const frame = page.locator('distillery-lab').nth(1).locator('iframe');
    assert.equal(await frame.evaluate((one) => one.clientHeight), 900);
  });
});

test('client.html: sets a temperature, trains, and tells the errors of the record', async () => {
  await onPage({ name: 'example-client' }, async (page) => {
    await page.goto(`${host}client`);
    await page.getByLabel('Temperature').fill('8');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page
      .locator('#errors')
      .getByText(/^The student errs on \d+ of \d+ digits\.$/)
      .waitFor();
    const temperature = await page.evaluate(async () => {
      const record = await document.querySelector('distillery-lab').client.record();
      return record.config.models.student.objective.temperature;
    });
    assert.equal(temperature, 8);
    await page.getByLabel('Temperature').fill('-1');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('#errors').getByText('models.student.objective.temperature').waitFor();
  });
});

test('moodle.html: the frame can train', async () => {
  await onPage({ name: 'example-moodle' }, async (page) => {
    await page.goto(`${host}moodle`);
    await page.frameLocator('iframe').locator('[data-action="start"][aria-disabled="false"]').waitFor();
  });
});

test('widget.js: a config that is set is trained, and its record comes back; it leaves nothing', async () => {
  await onPage({ name: 'example-widget' }, async (page) => {
    await page.goto(`${host}notebook`);
    const found = await page.evaluate(
      async ([url, config]) => {
        const { default: widget } = await import('/widget.js');
        // What anywidget hands to `render`: https://anywidget.dev/en/afm/
        const state = { site: url, recipe: 'first-race', config: null, record: null, failure: null };
        const bus = new EventTarget();
        const saved = new Promise((resolve) => {
          bus.addEventListener('saved', () => (state.record || state.failure) && resolve(state));
        });
        const model = {
          get: (name) => state[name],
          set: (name, value) => Object.assign(state, { [name]: value }),
          save_changes: () => bus.dispatchEvent(new Event('saved')),
          on: (name, callback) => bus.addEventListener(name, callback),
          off: (name, callback) => bus.removeEventListener(name, callback),
        };
        const el = document.querySelector('main');
        const leave = await widget.render({ model, el });
        state.config = config;
        bus.dispatchEvent(new Event('change:config'));
        const { record, failure } = await saved;
        leave();
        return { record, failure, left: el.childElementCount };
      },
      [site.url, SHORT_CONFIG],
    );
    assert.equal(found.failure, null);
    assert.match(found.record.digest, /^[0-9a-f]{64}$/);
    assert.equal(found.left, 0);
  });
});
