// The test digits are shut until someone opens them, and how often that was done is counted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';

const { site, onPage } = await setUp();
const WATCHED = SHORT.replace('"test"', '"validation"');

async function openTest(page) {
  await lab.press(page, 'open-test');
  await page.locator('[data-test-digits="open"]').waitFor();
}

test('before the end the button says why it does nothing; openings are counted over races and reloads', async () => {
  await onPage({ name: 'opening' }, async (page) => {
    await lab.open(page, site, WATCHED);
    const button = page.locator('[data-action="open-test"]');
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await page.getByText('stay shut until the race has ended').first().waitFor();
    await lab.race(page);
    assert.equal((await lab.record(page)).test_opened, 0);
    await page.getByText('once the test digits are open').waitFor();
    await openTest(page);
    const first = await lab.record(page);
    assert.equal(first.test_opened, 1);
    assert.equal(first.test.models.student.evaluated, 500);
    await page.locator('[data-testid="disagreements"][data-count]').waitFor();

    // Another race begins with them shut.
    await lab.race(page);
    await page.locator('[data-test-digits="shut"]').waitFor();
    await openTest(page);
    assert.equal((await lab.record(page)).test_opened, 2);

    await page.reload();
    await lab.ready(page);
    await lab.race(page);
    await openTest(page);
    assert.equal((await lab.record(page)).test_opened, 3);
    await page.getByText('opened in this visit: 3').waitFor();
  });
});

test('a race that is measured on the test digits says so, and has nothing to open', async () => {
  await onPage({ name: 'watched-on-test' }, async (page) => {
    await lab.open(page, site, SHORT);
    await page.locator('[data-test-digits="watched"]').waitFor();
    assert.equal(await page.locator('[data-action="open-test"]').count(), 0);
    await lab.race(page);
    const record = await lab.record(page);
    assert.equal(record.models.student.epochs.at(-1).evaluated, 500);
    assert.equal(record.test_opened, 2, 'seen after each of two epochs');
  });
});
