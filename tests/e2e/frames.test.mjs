// The page in frames and where a browser refuses it things: each costs only itself, and the page says so where it matters.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launch, launchWithStorage, listen } from '../support/browsers/chromium.mjs';
import { BROWSERS } from '../support/browsers/index.mjs';
import { setUp } from './support/fixture.mjs';
import { lesson, otherSite } from './support/lesson.mjs';
import * as lab from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { serve } from './support/site.mjs';
import { withPage } from './support/visits.mjs';

const { launch: startFirefox, skip: skipFirefox } = BROWSERS.find(({ name }) => name === 'Firefox');

const { site, onPage } = await setUp();
const address = `${site.url}#view.engine=cpu`;
const host = await serve({
  pages: {
    '/lesson': lesson(address),
    '/own-origin': lesson(address, 'allow-scripts allow-same-origin'),
    '/opaque': lesson(address, 'allow-scripts'),
  },
});
after(() => host.close());

// These run in the page; a browser gets their text.

const askForRace = async (config) => {
  await window.ask('ready');
  await window.ask('on', 'epoch');
  const { digest, models } = await window.ask('run', config);
  const [soft] = await window.ask('softTargets', 'student', 0, [4]);
  return { digest, models: Object.keys(models), classes: soft.length, events: window.events.length };
};

/** Which storage a frame is refused; some browsers give it storage of its own for each site around it. */
const refusals = async () => {
  const ways = {
    localStorage: () => localStorage.length,
    locks: () => navigator.locks.request('a', () => undefined),
    caches: () => caches.keys(),
    indexedDB: () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('a');
        request.onsuccess = resolve;
        request.onerror = () => reject(request.error);
      }),
    files: () => navigator.storage.getDirectory(),
  };
  const refused = [];
  for (const [name, way] of Object.entries(ways)) {
    try {
      await way();
    } catch {
      refused.push(name);
    }
  }
  return refused;
};

/** What the page says of the next visit, once it knows. */
const laterVisits = async () => {
  for (;;) {
    const footer = document.querySelector('footer[data-kept]:not([data-kept="unknown"])');
    if (footer) return { kept: footer.dataset.kept, text: footer.textContent };
    await new Promise((later) => setTimeout(later, 50));
  }
};

/** Presses Share: the link is copied, or shown where the clipboard is closed. */
const share = async () => {
  const button = [...document.querySelectorAll('header button')].find(({ textContent }) =>
    /Share|分享/.test(textContent),
  );
  button.click();
  for (;;) {
    const field = document.querySelector('.by-hand input');
    if (field) return field.value;
    if (/copied|已复制/.test(button.textContent)) return 'copied';
    await new Promise((later) => setTimeout(later, 50));
  }
};

/** What there is to read while the page has not opened. */
const words = async () => {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const place = document.querySelector('.unopened') ?? document.querySelector('#app');
    if (place?.checkVisibility({ visibilityProperty: true })) return place.textContent;
    await new Promise((later) => setTimeout(later, 50));
  }
  return 'nothing to read';
};

for (const { name, launch: start, skip } of BROWSERS) {
  test(`in frames, third-party storage refused: ${name}`, { skip, timeout: 180_000 }, async (t) => {
    const browser = await start({ storage: 'third-party-refused' });
    try {
      await t.test("another site's frame trains", async () => {
        await browser.goto(`${otherSite(host.url)}lesson`);
        const found = await browser.evaluate(askForRace, SHORT_CONFIG);
        assert.match(found.digest, /^[0-9a-f]{64}$/);
        assert.deepEqual(found.models, ['teacher', 'student', 'control']);
        assert.equal(found.classes, 10);
        assert.ok(found.events >= 4);
        const refused = await browser.inFrame(refusals);
        t.diagnostic(`${name} refuses: ${refused.join(', ') || 'nothing'}`);
        if (name === 'Chromium')
          assert.ok(refused.includes('locks') && refused.includes('caches'), refused.join());
        const { kept, text } = await browser.inFrame(laterVisits);
        t.diagnostic(`a next visit: ${kept}`);
        if (refused.includes('caches')) {
          assert.notEqual(kept, 'kept');
          assert.match(text, /the next visit needs the network/);
        }
        const link = await browser.inFrame(share);
        if (link !== 'copied') assert.ok(link.startsWith(site.url), link);
        assert.deepEqual(browser.noises ?? [], []);
      });
      await t.test('sandbox="allow-scripts allow-same-origin" works', async () => {
        await browser.goto(`${host.url}own-origin`);
        const { digest } = await browser.evaluate(askForRace, SHORT_CONFIG);
        assert.match(digest, /^[0-9a-f]{64}$/);
        assert.deepEqual(browser.noises ?? [], []);
      });
      await t.test('sandbox="allow-scripts": one sentence names allow-same-origin', async () => {
        await browser.goto(`${host.url}opaque`);
        const shown = await browser.inFrame(words);
        assert.match(shown, /allow-same-origin/);
        assert.match(shown, /请/, 'in both languages');
      });
    } finally {
      await browser.close();
    }
  });
}

for (const [locale, sentence] of Object.entries({
  'en-GB': /Add allow-same-origin to the frame’s sandbox attribute/,
  'zh-CN': /请在框架的 sandbox 属性中加入 allow-same-origin/,
})) {
  test(`sandbox="allow-scripts" on a host that any origin may read, as GitHub Pages: ${locale}`, async () => {
    const open = await serve({ headers: { 'Access-Control-Allow-Origin': '*' } });
    const around = await serve({ pages: { '/opaque': lesson(open.url, 'allow-scripts') } });
    try {
      await onPage({ name: 'opaque', locale }, async (page) => {
        await page.goto(`${around.url}opaque`);
        await page.frameLocator('iframe').getByText(sentence).waitFor();
      });
    } finally {
      await open.close();
      await around.close();
    }
  });
}

const MISSING = {
  'the first script': /^\/assets\/index-.*\.js$/,
  'the code that draws': /^\/assets\/App-.*\.js$/,
};
test('code that is missing: no blank page, but a sentence that says to reload', async (t) => {
  const broken = await serve();
  try {
    await onPage({ name: 'missing-code', allowed: [/404|Failed to (load|fetch)/] }, async (page) => {
      for (const [what, missing] of Object.entries(MISSING)) {
        await t.test(what, async () => {
          broken.missing = missing;
          await page.goto('about:blank');
          await page.goto(broken.url);
          await page.getByText('reload the page').waitFor();
        });
      }
      broken.missing = null;
      await page.reload();
      await lab.ready(page);
    });
  } finally {
    await broken.close();
  }
});

test('a private window in Firefox: it trains', { skip: skipFirefox, timeout: 180_000 }, async () => {
  const browser = await startFirefox({ storage: 'private' });
  try {
    await browser.goto(site.url + SHORT);
    const race = async (config) => {
      await window.distillery.ready;
      return (await window.distillery.run(config)).digest;
    };
    assert.match(await browser.evaluate(race, SHORT_CONFIG), /^[0-9a-f]{64}$/);
    assert.match((await browser.evaluate(laterVisits)).kept, /kept|refused/);
    assert.deepEqual(browser.noises, []);
  } finally {
    await browser.close();
  }
});

test('a browser that refuses all storage: it trains, and says that the next visit needs the network', async () => {
  const context = await launchWithStorage('refused');
  try {
    const page = await context.newPage();
    const noises = listen(page);
    await lab.open(page, site, SHORT);
    await lab.race(page);
    assert.match((await page.evaluate(laterVisits)).text, /the next visit needs the network/);
    assert.deepEqual(noises, []);
  } finally {
    await context.close();
  }
});

test('an insecure origin: no service worker, Web Locks, OPFS or clipboard, and it trains', async () => {
  const browser = await launch({ args: ['--host-resolver-rules=MAP lesson.test 127.0.0.1'] });
  try {
    await withPage(browser, { serviceWorkers: 'allow', name: 'insecure' }, async (page) => {
      const insecure = { url: site.url.replace('localhost', 'lesson.test') };
      await lab.open(page, insecure, SHORT);
      const has = await page.evaluate(() => ({
        secure: isSecureContext,
        serviceWorker: 'serviceWorker' in navigator,
        locks: 'locks' in navigator,
        clipboard: 'clipboard' in navigator,
        files: 'storage' in navigator,
      }));
      assert.deepEqual(new Set(Object.values(has)), new Set([false]));
      await lab.race(page);
      assert.match((await page.evaluate(laterVisits)).text, /the next visit needs the network/);
      assert.ok((await page.evaluate(share)).startsWith(insecure.url));
    });
  } finally {
    await browser.close();
  }
});

test('an address that may not be written costs the address alone', async () => {
  await onPage({ name: 'no-history', isNew: true }, async (page) => {
    await page.addInitScript(() => {
      // Safari throws so after 100 writes in 30 s.
      History.prototype.replaceState = () => {
        window.refusedWrites = (window.refusedWrites ?? 0) + 1;
        throw new DOMException('too many', 'SecurityError');
      };
    });
    await lab.open(page, site, SHORT);
    await lab.field(page, 'seed').fill('9');
    await lab.field(page, 'seed').blur();
    await page.waitForFunction(() => window.refusedWrites > 0);
    await lab.race(page);
    const link = await page.evaluate(share);
    if (link !== 'copied') assert.match(link, /seed=9/);
  });
});
