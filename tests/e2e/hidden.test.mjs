// Races in a tab that is hidden, as when a visitor reads on in another one: MINUTES=30 node --test tests/e2e/hidden.test.mjs
// goes on for that long, race after race, hidden and shown in the middle of each.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchTabs } from '../support/browsers/tabs.mjs';
import { LONG } from './support/settings.mjs';
import { serve } from './support/site.mjs';

const MINUTES = Number(process.env.MINUTES || 0);
/** Longer than a race takes while the tests of another file share the machine. */
const RACE_MS = 120_000;
/** Hidden and shown again after this long; a race of LONG takes some seconds. */
const TURN_MS = 700;

let site;
let tabs;
before(async () => {
  site = await serve({ laterDigits: false });
  tabs = await launchTabs();
  await tabs.page.goto(site.url + LONG);
  await tabs.page.waitForSelector('[data-action="start"][aria-disabled="false"]');
});
after(async () => {
  await tabs.close();
  await site.close();
});

const press = (action) =>
  tabs.page.evaluate((name) => document.querySelector(`[data-action="${name}"]`).click(), action);

/** Runs a race from Start; `meanwhile` is asked again and again until it has ended. Answers the record's digest. */
async function digestOf(meanwhile) {
  await tabs.page.evaluate(() => {
    window.raceDigest = null;
    const stop = window.distillery.on('done', ({ digest }) => {
      window.raceDigest = digest;
      stop();
    });
  });
  await press('start');
  const end = performance.now() + RACE_MS;
  for (;;) {
    const digest = await tabs.page.evaluate(() => window.raceDigest);
    if (digest) return digest;
    assert.ok(performance.now() < end, 'the race has not ended');
    await meanwhile();
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, TURN_MS));

test('a race in a hidden tab, and one that is hidden and shown again and again, end as one that is seen', async (t) => {
  const seen = await digestOf(moment);
  await tabs.hide();
  assert.equal(await digestOf(moment), seen);
  const end = performance.now() + MINUTES * 60_000;
  let races = 0;
  do {
    const digest = await digestOf(async () => {
      await tabs.show();
      await moment();
      await tabs.hide();
      await moment();
    });
    assert.equal(digest, seen);
    races += 1;
  } while (performance.now() < end);
  await tabs.show();
  t.diagnostic(`${races} races, each hidden and shown`);
  assert.deepEqual(tabs.noises, []);
});
