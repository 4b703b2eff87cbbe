// window.distillery, and the same calls by postMessage from a page of another origin that embeds this one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, withPage } from './support/chromium.mjs';
import { assertNear, softmax } from './support/numbers.mjs';
import { SHORT_CONFIG } from './support/settings.mjs';
import { serve } from './support/site.mjs';

let site;
let host;
let browser;
before(async () => {
  site = await serve();
  host = await serve({ pages: { '/lesson': lesson(site.url) } });
  browser = await launch();
});
after(async () => {
  await browser.close();
  await site.close();
  await host.close();
});

/** A lesson: another origin, an iframe, and a function that asks it. */
function lesson(address) {
  return `<!doctype html><html lang="en"><title>A lesson</title>
<link rel="icon" href="data:,">
<iframe title="Distillery" src="${address}#view.engine=cpu" width="900" height="700"></iframe>
<script>
  const frame = document.querySelector('iframe');
  const waiting = new Map();
  window.events = [];
  addEventListener('message', ({ data, source }) => {
    if (source !== frame.contentWindow) return;
    if (data.distillery === 'event') window.events.push(data.event.type);
    const promise = waiting.get(data.id);
    if (data.distillery === 'result') promise.resolve(data.value);
    if (data.distillery === 'error') promise.reject(data.error);
  });
  const loaded = new Promise((done) => frame.addEventListener('load', done));
  window.ask = async (name, ...args) => {
    await loaded;
    const id = String(waiting.size);
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    frame.contentWindow.postMessage({ distillery: name, id, args }, '*');
    return answer;
  };
</script>`;
}

test('ready, run, on, softTargets and predict', async () => {
  await withPage(browser, { name: 'api' }, async (page) => {
    await page.goto(`${site.url}#view.engine=cpu`);
    const answers = await page.evaluate(async (config) => {
      const { distillery } = window;
      await distillery.ready;
      const types = new Set();
      const stop = distillery.on('*', (event) => types.add(event.type));
      const record = await distillery.run(config);
      stop();
      const soft = await distillery.softTargets('student', 3, [1, 5]);
      const picture = await distillery.predict('teacher', new Array(784).fill(0));
      return { types: [...types], record, soft, picture };
    }, SHORT_CONFIG);
    for (const type of ['started', 'step', 'epoch', 'model_done', 'done']) {
      assert.ok(answers.types.includes(type), `no event ${type} in ${answers.types}`);
    }
    assert.equal(answers.record.models.student.epochs.at(-1).evaluated, 500);
    const [at1, at5] = answers.soft;
    assertNear(at5, softmax(at1.map(Math.log), 5), 1e-6, 'soft targets at T = 5');
    assert.equal(answers.picture.length, 10);
  });
});

test('a config that cannot run is refused with the path of its field', async () => {
  await withPage(browser, { name: 'api-refused' }, async (page) => {
    await page.goto(`${site.url}#view.engine=cpu`);
    const refused = await page.evaluate(async (config) => {
      const bad = { ...config, training: { epochs: 0 } };
      return window.distillery.run(bad).catch((reason) => reason);
    }, SHORT_CONFIG);
    assert.equal(refused.code, 'config_invalid');
    assert.equal(refused.problems[0].path, 'training.epochs');
  });
});

test('a page of another origin embeds the lab and asks it by postMessage', async () => {
  await withPage(browser, { name: 'embedded' }, async (page) => {
    await page.goto(`${host.url}lesson`);
    const answers = await page.evaluate(async (config) => {
      await window.ask('ready');
      await window.ask('on', 'epoch');
      const record = await window.ask('run', config);
      const soft = await window.ask('softTargets', 'control', 0, [2]);
      const refused = await window.ask('run', { ...config, version: 9 }).catch((reason) => reason);
      return { digest: record.digest, soft, refused, events: window.events };
    }, SHORT_CONFIG);
    assert.match(answers.digest, /^[0-9a-f]{64}$/);
    assert.equal(answers.soft[0].length, 10);
    assert.equal(answers.refused.code, 'config_invalid');
    assert.ok(answers.events.length >= 4 && answers.events.every((type) => type === 'epoch'));
  });
});
