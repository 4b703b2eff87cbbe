// The content security policy holds through a whole session, and no request leaves the origin.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { POLICY } from '../../scripts/page/head.mjs';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { DIST } from './support/site.mjs';

// Without this Playwright says nothing of what a service worker asks for.
process.env.PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS = '1';

const { site, onPage } = await setUp({ browser: { webgpu: true } });

test('the built page has the policy, and nothing inline', () => {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page);
  assert.equal(policy, POLICY);
  const sources = Object.fromEntries(policy.split('; ').map((line) => [line.split(' ')[0], line]));
  assert.equal(sources['default-src'], "default-src 'self'");
  assert.equal(sources['script-src'], "script-src 'self' 'wasm-unsafe-eval'");
  assert.equal(sources['worker-src'], "worker-src 'self'");
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|data:|blob:|\*/);
  assert.ok(page.indexOf('http-equiv') < page.search(/<script|<link/), 'it stands before what it governs');
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
});

/** Race, explorer, drawing, sweep, exports, both languages, themes, the question whether WebGPU can run. */
async function wholeSession(page) {
  await lab.open(page, site, SHORT.replace('&view.engine=cpu', ''));
  await lab.race(page);
  await lab.record(page);
  await lab.histogram(page, 'student', 4);
  const pad = page.locator('[data-testid="pad"]');
  await pad.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + width * 0.53, y + height * 0.2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.48, y + height * 0.8, { steps: 10 });
  await page.mouse.up();
  await lab.recognised(page, 'teacher', 1);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.evaluate((config) => window.distillery.sweep({ config, fields: {}, seeds: 2 }, 2), SHORT_CONFIG);
  await lab.kept(page);
  await page.reload();
  await lab.ready(page);
  await lab.kept(page);
}

test('a whole session violates the policy nowhere, and every request stays on the origin', async () => {
  await onPage({ serviceWorkers: 'allow', name: 'whole-session' }, async (page) => {
    const context = page.context();
    const asked = [];
    context.on('request', (request) =>
      asked.push({ url: request.url(), worker: request.serviceWorker() !== null }),
    );
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
        window.violations.push({ violatedDirective, blockedURI, sourceFile }),
      );
    });
    const violations = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });
    await wholeSession(page);
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    assert.deepEqual(violations, []);
    const origin = new URL(site.url).origin;
    const abroad = asked.filter(({ url }) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin);
    assert.deepEqual(abroad, []);
    assert.ok(asked.length > 30, `${asked.length} requests were seen`);
    assert.ok(
      asked.some(({ url, worker }) => !worker && url.endsWith('/manifest.json')),
      "the engine's worker's are among them",
    );
    assert.ok(
      asked.some(({ url, worker }) => worker && url.endsWith('.wasm')),
      "the service worker's are among them",
    );
  });
});

test('an inline script, an inline style and another origin are refused', async () => {
  const allowed = [/Content Security Policy/];
  await onPage({ name: 'refused-inline', allowed }, async (page) => {
    await lab.open(page, site, SHORT);
    const refused = await page.evaluate(async () => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const holder = document.createElement('div');
      holder.innerHTML = '<p onclick="window.injected = true" style="color: red">x</p>';
      document.body.append(holder);
      holder.firstElementChild.click();
      await fetch('http://127.0.0.1:9/').catch(() => undefined);
      await new Promise((later) => setTimeout(later, 100));
      return { seen, injected: window.injected === true };
    });
    assert.equal(refused.injected, false);
    for (const directive of ['script-src-elem', 'script-src-attr', 'style-src-attr', 'connect-src']) {
      assert.ok(refused.seen.includes(directive), `${directive} in ${refused.seen}`);
    }
  });
});
