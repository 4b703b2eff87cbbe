// Hundreds of odd hashes through one page, and some by a fresh visit: it takes what it can, names the rest, and can race.
// MINUTES=10 SEED=7 node --test tests/e2e/hashes.test.mjs goes on for that long, from another seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { numbers, oddHash } from './support/odd-hashes.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';

const SEED = Number(process.env.SEED || 1);
const MINUTES = Number(process.env.MINUTES || 0);
/** Without MINUTES: so many in one page, fewer where a busy machine has no time for them, and so many visits. */
const HASHES = 200;
const FEWEST = 60;
const SHARE_MS = 15_000;
const VISITS = 6;

const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** Puts a hash into the address of the open page and waits until that is taken over. */
function take(page, hash) {
  return page.evaluate(async (wanted) => {
    const main = document.querySelector('main');
    const { links } = main.dataset;
    const before = location.hash;
    location.hash = wanted;
    if (location.hash === before) return;
    const end = performance.now() + 20_000;
    while (main.dataset.links === links) {
      if (performance.now() > end) throw new Error('the page has not taken the hash over');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }, hash);
}

/** What the page made of it: its settings as a hash, the notice, and whether Start can act. */
function outcome(page) {
  return page.evaluate(() => ({
    settings: document.querySelector('main').dataset.settings,
    notices: [...document.querySelectorAll('[data-kind="refused"]')].map((notice) => notice.textContent),
    failures: [...document.querySelectorAll('[data-kind="failure"]')].map((notice) => notice.textContent),
    canStart: document.querySelector('[data-action="start"]').getAttribute('aria-disabled') === 'false',
    polluted: {}.polluted,
  }));
}

function judge({ hash, parts, broken }, { settings, notices, failures, canStart, polluted }) {
  const what = `${hash.slice(0, 300)}\n→ ${settings}\n${notices.join('\n').slice(0, 600)}`;
  assert.ok(canStart, `Start cannot act after ${what}`);
  assert.deepEqual(failures, [], what);
  assert.ok(notices.length <= 1, `one notice for ${what}`);
  assert.equal(polluted, undefined, what);
  if (broken) return;
  const notice = notices.join('');
  for (const { path, good } of parts) {
    // A notice has room for the beginning of a path.
    const isNamed = notice.includes(path.slice(0, 70));
    assert.ok(
      isNamed || (good && settings.includes(`${path}=`)),
      `${path} is dropped without a word: ${what}`,
    );
  }
}

test('odd hashes in an open page: no error, Start can act, and what is dropped is named', async (t) => {
  const next = numbers(SEED);
  const end = performance.now() + (MINUTES > 0 ? MINUTES * 60_000 : SHARE_MS);
  const most = MINUTES > 0 ? Number.POSITIVE_INFINITY : HASHES;
  let count = 0;
  await onPage({ name: 'hashes' }, async (page) => {
    await lab.open(page, site, '#view.engine=cpu');
    while (count < FEWEST || (count < most && performance.now() < end)) {
      const odd = oddHash(next);
      count += 1;
      await take(page, odd.hash).catch((error) => assert.fail(`${error.message}: ${odd.hash.slice(0, 300)}`));
      judge(odd, await outcome(page));
    }
    await take(page, SHORT);
    await lab.race(page);
  });
  t.diagnostic(`${count} hashes from seed ${SEED}`);
});

test('odd hashes in a fresh visit: no error, Start can act, and what is dropped is named', async (t) => {
  const next = numbers(SEED + 1_000_003);
  await onPage({ name: 'visits' }, async (page) => {
    for (let visit = 0; visit < VISITS; visit += 1) {
      const odd = oddHash(next);
      await page.goto('about:blank');
      await lab.open(page, site, `#${odd.hash}`);
      judge(odd, await outcome(page));
    }
    await take(page, SHORT);
    await lab.race(page);
  });
  t.diagnostic(`${VISITS} visits from seed ${SEED}`);
});
