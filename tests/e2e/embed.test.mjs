// The element of the package in a page of another site: when it loads, which one runs, what it tells, and that nothing is left.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { BROWSERS } from '../support/browsers/index.mjs';
import { course, FAR, install, serveCourse } from './support/course.mjs';
import { setUp } from './support/fixture.mjs';
import { LONG, SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { site, onPage } = await setUp({ site: { laterDigits: false } });
const folder = install('distillery-embed');

const lab = (id, hash, more = '') =>
  `<distillery-lab id="${id}" src="${site.url}" settings='${hash.slice(1)}' ${more}></distillery-lab>`;

const wrong = (lang) =>
  course(
    `${lab('theme', SHORT, 'theme="blue" height="9"')}<distillery-lab id="nowhere" src="ftp://a"></distillery-lab>`,
    lang,
  );

const host = await serveCourse(folder, {
  '/course': course(FAR + lab('first', SHORT) + FAR + lab('second', LONG, 'lang="zh" theme="dark"') + FAR),
  '/race': course(lab('first', LONG) + FAR + lab('second', SHORT)),
  '/wrong': wrong('en'),
  '/wrong-zh': wrong('zh-CN'),
  '/recipe': course(`<distillery-lab id="recipe" src="${site.url}" recipe="no-such"></distillery-lab>`),
  '/empty': course(`<distillery-lab id="empty" src="/nothing-here.html"></distillery-lab>`),
  '/newer': course('<distillery-lab id="newer" src="/of-contract-2.html"></distillery-lab>'),
  '/of-contract-2.html': `<!doctype html><title>A later page</title><link rel="icon" href="data:,"><script>
    addEventListener('message', ({ data: { id }, source }) => {
      source.postMessage({ distillery: 'result', id, value: { contract: 2, build: '' } }, '*');
    });
  </script>`,
  '/nothing-here.html': '<!doctype html><title>Not a Distillery</title><link rel="icon" href="data:,">',
});

const state = (page, id, wanted) =>
  page.waitForFunction(([one, is]) => document.getElementById(one).state === is, [id, wanted]);
const scrollTo = (page, id) => page.evaluate((one) => document.getElementById(one).scrollIntoView(), id);
const frameOf = async (page, id) => (await page.locator(`#${id} iframe`).elementHandle()).contentFrame();
/** Calls a method of an element's client in the page around it. */
const ask = (page, id, name, ...args) =>
  page.evaluate(
    ([one, call, given]) => document.getElementById(one).client[call](...given),
    [id, name, args],
  );
const told = (page, type) => page.evaluate((one) => window.told.filter((event) => event.type === one), type);
const status = (page, id, wanted) =>
  page.waitForFunction(
    ([one, is]) =>
      window.told.findLast((event) => event.id === one && event.type === 'distillery-status')?.status === is,
    [id, wanted],
  );

async function assertAccessible(page, name) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    // What stands in the frames is the page's own, which accessibility.test.mjs holds.
    const { violations: found } = await window.axe.run(document, { iframes: false });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, [], name);
}

test('lazy: nothing is fetched before it is near; one at a time; the other has a still and Run here', async () => {
  await onPage({ name: 'embed-lazy', isNew: true }, async (page) => {
    const before = site.requests.length;
    await page.goto(`${host}course`);
    await page.locator('#first .run').waitFor();
    await page.waitForTimeout(500);
    assert.equal(site.requests.length, before, 'nothing is fetched from the page’s site');
    await assertAccessible(page, 'stills');

    await scrollTo(page, 'first');
    await state(page, 'first', 'active');
    assert.equal(await page.locator('#second iframe').count(), 0);
    await scrollTo(page, 'second');
    const still = page.locator('#second .still');
    assert.match(await still.textContent(), /一个小网络向大网络学习.*在此运行/s);
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => document.getElementById('second').state), 'waiting');

    await page.locator('#second .run').press('Enter');
    await state(page, 'second', 'active');
    assert.equal(
      await page.evaluate(() => document.activeElement.id),
      'second',
      'the focus goes where the button led',
    );
    assert.equal(await page.evaluate(() => document.getElementById('first').state), 'paused');
    assert.ok(await page.locator('#first iframe').evaluate((frame) => frame.inert));
    await scrollTo(page, 'first');
    await page.locator('#first .note').getByText('another experiment of this page is running').waitFor();
    await assertAccessible(page, 'one paused, one active');
    const inner = await frameOf(page, 'second');
    assert.deepEqual(
      await inner.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]),
      ['zh-Hans', 'dark'],
    );
  });
});

test('the height follows what the page shows: loaded, unfolded, narrower, and after it was hidden', async () => {
  await onPage({ name: 'embed-height', isNew: true }, async (page) => {
    await page.goto(`${host}race`);
    await state(page, 'first', 'active');
    const frame = page.locator('#first iframe');
    const inner = await frameOf(page, 'first');
    const follows = async (after) => {
      await page.waitForFunction(
        (other) =>
          document.querySelector('#first').client &&
          other !== document.querySelector('#first').shadowRoot.querySelector('iframe').clientHeight,
        after,
      );
      let heights;
      for (const until = Date.now() + 10_000; Date.now() < until; ) {
        heights = [
          await frame.evaluate((one) => one.clientHeight),
          Math.ceil(await inner.evaluate(() => document.documentElement.getBoundingClientRect().height)),
        ];
        if (heights[0] === heights[1]) break;
      }
      assert.equal(heights[0], heights[1]);
      return heights[0];
    };
    const loaded = await follows(0);
    assert.ok(loaded > 1500, `${loaded} px`);
    await inner.locator('footer details > summary, main details > summary').last().click();
    const unfolded = await follows(loaded);
    assert.ok(unfolded > loaded);
    await page.setViewportSize({ width: 390, height: 800 });
    const narrow = await follows(unfolded);
    assert.ok(narrow > loaded);
    // The bar of buttons stands in the text: at the end of so tall a frame nobody would find it.
    assert.equal(
      await inner.locator('#race-bar').evaluate((bar) => getComputedStyle(bar).position),
      'static',
    );
    await page.evaluate(() => {
      document.querySelector('#first').hidden = true;
    });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.evaluate(() => {
      document.querySelector('#first').hidden = false;
    });
    assert.ok((await follows(narrow)) < narrow);
  });
});

test('start by the client: it trains on out of sight, and its record is the one that the page saves', async () => {
  await onPage({ name: 'embed-start' }, async (page) => {
    await page.goto(`${host}race`);
    await state(page, 'first', 'active');
    assert.equal(await ask(page, 'first', 'record'), null);
    const config = await ask(page, 'first', 'config');
    const wanted = { ...config, seed: 77, training: { ...config.training, epochs: 2 } };
    assert.equal((await ask(page, 'first', 'setConfig', wanted)).seed, 77);
    await page.evaluate(() => {
      window.epochs = 0;
      document.querySelector('#first').client.on('epoch', () => {
        window.epochs += 1;
      });
    });
    await ask(page, 'first', 'start');
    await status(page, 'first', 'running');
    await scrollTo(page, 'second');
    await page.evaluate(() => {
      document.querySelector('#first').hidden = true;
    });
    await status(page, 'first', 'finished');
    const record = await ask(page, 'first', 'record');
    assert.equal(record.config.seed, 77);
    assert.ok((await page.evaluate(() => window.epochs)) >= 4);
    await page.evaluate(() => {
      document.querySelector('#first').hidden = false;
    });
    const inner = await frameOf(page, 'first');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      inner.locator('[data-export="record"]').click(),
    ]);
    assert.deepEqual(JSON.parse(readFileSync(await download.path(), 'utf8')), record);
    const refused = await page.evaluate(() =>
      document
        .querySelector('#first')
        .client.setConfig({ version: 9 })
        .catch((reason) => reason),
    );
    assert.equal(refused.code, 'config_invalid');
  });
});

test('another one that is activated pauses a race; Run here goes on with it; stop answers its record', async () => {
  await onPage({ name: 'embed-pause' }, async (page) => {
    await page.goto(`${host}race`);
    await state(page, 'first', 'active');
    await ask(page, 'first', 'start');
    await status(page, 'first', 'running');
    await page.evaluate(() =>
      document
        .querySelector('#second')
        .activate()
        .then(() => undefined),
    );
    await status(page, 'first', 'paused');
    await page.locator('#first .again').click();
    await status(page, 'first', 'running');
    assert.equal(await page.evaluate(() => document.querySelector('#second').state), 'paused');
    const record = await ask(page, 'first', 'stop');
    assert.ok(Object.keys(record.models).includes('student'));
    // A script that starts the other one gives it the place.
    await ask(page, 'second', 'start');
    await state(page, 'second', 'active');
    await status(page, 'second', 'finished');
    assert.equal(await page.evaluate(() => document.querySelector('#first').state), 'paused');
  });
});

test('attributes that change: language and theme keep the race, a recipe is taken like a link', async () => {
  await onPage({ name: 'embed-change' }, async (page) => {
    await page.goto(`${host}race`);
    await state(page, 'first', 'active');
    await ask(page, 'first', 'start');
    await status(page, 'first', 'running');
    const set = (attributes) =>
      page.evaluate((given) => {
        for (const [name, value] of Object.entries(given))
          document.querySelector('#first').setAttribute(name, value);
      }, attributes);
    await set({ lang: 'zh', theme: 'dark' });
    const inner = await frameOf(page, 'first');
    await inner.waitForSelector('html[lang="zh-Hans"][data-theme="dark"]');
    assert.match(await ask(page, 'first', 'status'), /running|finished/);
    await set({ settings: '', recipe: 'hinton-2015' });
    await status(page, 'first', 'ready');
    await inner.waitForFunction(() => location.hash.startsWith('#recipe=hinton-2015'));
    await inner.waitForSelector('html[lang="zh-Hans"][data-theme="dark"]');
    assert.equal(await page.locator('#first iframe').getAttribute('title'), 'Distillery：hinton-2015');
  });
});

const SENTENCES = {
  wrong: [
    /attribute theme .* “blue” is not allowed\. Allowed: auto, light, dark\./,
    /attribute height .* “9” .* 200–20000\./,
    /src is “ftp:\/\/a”/,
  ],
  'wrong-zh': [
    /属性 theme 被忽略：不允许“blue”。允许：auto, light, dark。/,
    /属性 height .*“9”/,
    /属性 src 为“ftp:\/\/a”/,
  ],
};
for (const [path, [theme, height, src]] of Object.entries(SENTENCES)) {
  test(`attributes that do not count are told by an event and a sentence: ${path}`, async () => {
    await onPage({ name: `embed-${path}` }, async (page) => {
      await page.goto(host + path);
      await state(page, 'theme', 'active');
      await state(page, 'nowhere', 'failed');
      const sentence = await page.locator('#theme [role="alert"]').textContent();
      assert.match(sentence, theme);
      assert.match(sentence, height);
      assert.match(await page.locator('#nowhere [role="alert"]').textContent(), src);
      const errors = await told(page, 'distillery-error');
      assert.deepEqual(
        errors.map(({ id, code, problems }) => [id, code, problems[0].path, problems[0].value]),
        [
          ['theme', 'argument_invalid', 'theme', 'blue'],
          ['theme', 'argument_invalid', 'height', '9'],
          ['nowhere', 'argument_invalid', 'src', 'ftp://a'],
        ],
      );
      await assertAccessible(page, path);
    });
  });
}

test('a recipe that there is not is told by an event and by the page; no page at all by a sentence', async () => {
  await onPage({ name: 'embed-recipe' }, async (page) => {
    await page.goto(`${host}recipe`);
    await page.waitForFunction(() => window.told.some(({ type }) => type === 'distillery-error'));
    const [{ problems }] = await told(page, 'distillery-error');
    assert.equal(problems[0].path, 'recipe');
    assert.ok(problems[0].allowed.names.includes('first-race'));
    await (await frameOf(page, 'recipe')).locator('[data-kind="refused"]').waitFor();
    await page.goto(`${host}empty`);
    await state(page, 'empty', 'failed');
    assert.equal((await told(page, 'distillery-error'))[0].code, 'no_answer');
    await page.locator('#empty [role="alert"]').getByText('no Distillery answers').waitFor();
    await page.locator('#empty .run').waitFor();
    await page.goto(`${host}newer`);
    await state(page, 'newer', 'failed');
    assert.equal((await told(page, 'distillery-error'))[0].code, 'contract');
    await page.locator('#newer [role="alert"]').getByText('another version').waitFor();
  });
});

test('removal ends it: no frame, no worker, no listener; put back it begins anew, moved by moveBefore it goes on', async (t) => {
  await onPage({ name: 'embed-removed', isNew: true }, async (page) => {
    const workers = new Set();
    page.on('worker', (worker) => {
      workers.add(worker);
      worker.on('close', () => workers.delete(worker));
    });
    await page.goto(`${host}race`);
    await state(page, 'first', 'active');
    await ask(page, 'first', 'start');
    await status(page, 'first', 'running');
    assert.ok(workers.size > 0 && (await page.evaluate(() => window.listening)) === 1);
    if (await page.evaluate(() => 'moveBefore' in Element.prototype)) {
      await page.evaluate(() =>
        document.querySelector('main').moveBefore(document.querySelector('#first'), null),
      );
      assert.match(await ask(page, 'first', 'status'), /running|finished/);
    } else t.diagnostic('this Chromium has no moveBefore');
    const awaited = page.evaluate(() => {
      const { client } = document.querySelector('#first');
      return client.run({ version: 1 }).catch(({ code }) => code);
    });
    await page.evaluate(() => {
      window.removed = document.querySelector('#first');
      window.removed.remove();
    });
    assert.match(await awaited, /closed|config_invalid/);
    assert.equal(await page.evaluate(() => window.removed.state), 'waiting');
    assert.equal(await page.evaluate(() => window.listening), 0);
    for (const until = Date.now() + 10_000; workers.size > 0 && Date.now() < until; )
      await page.waitForTimeout(50);
    assert.equal(workers.size, 0);
    assert.equal(page.frames().length, 1);
    await page.evaluate(() => document.querySelector('main').prepend(window.removed));
    await page.evaluate(() => window.scrollTo(0, 0));
    await state(page, 'first', 'active');
    assert.equal(await ask(page, 'first', 'status'), 'ready');
    assert.equal(await page.evaluate(() => window.listening), 1);
  });
});

for (const { name, launch, skip } of BROWSERS) {
  test(`the element loads and trains, third-party storage refused: ${name}`, {
    skip,
    timeout: 180_000,
  }, async () => {
    const browser = await launch({ storage: 'third-party-refused' });
    try {
      await browser.goto(`${host}race`);
      const train = async (config) => {
        await customElements.whenDefined('distillery-lab');
        const element = document.querySelector('#first');
        const client = await element.activate();
        const { digest } = await client.run(config);
        const frame = element.shadowRoot.querySelector('iframe');
        return { digest, state: element.state, height: frame.clientHeight };
      };
      const found = await browser.evaluate(train, SHORT_CONFIG);
      assert.match(found.digest, /^[0-9a-f]{64}$/);
      assert.equal(found.state, 'active');
      assert.ok(found.height > 1500, `${found.height} px`);
      assert.deepEqual(browser.noises ?? [], []);
    } finally {
      await browser.close();
    }
  });
}

test('the client alone asks any frame', async () => {
  await onPage({ name: 'embed-client' }, async (page) => {
    await page.goto(`${host}recipe`);
    const answers = await page.evaluate(async (src) => {
      document.querySelector('distillery-lab').remove();
      const frame = document.createElement('iframe');
      frame.src = src;
      document.body.append(frame);
      const client = new window.DistilleryClient(frame);
      const { contract, build } = await client.connected;
      const stages = [];
      const stop = client.on('status', ({ status: one }) => stages.push(one));
      await client.ready();
      const [soft] = await client.softTargets('teacher', 0, [4]);
      stop();
      const wrongCall = await client.call('trainFaster').catch((reason) => reason.problems[0].allowed.names);
      client.close();
      return {
        contract,
        build,
        stages,
        classes: soft.length,
        wrongCall,
        after: await client.status().catch(({ code }) => code),
      };
    }, `${site.url}#view.engine=cpu`);
    assert.equal(answers.contract, 1);
    assert.match(answers.build, /^[0-9a-f]{16}$/);
    assert.equal(answers.stages.at(-1), 'ready');
    assert.equal(answers.classes, 10);
    assert.ok(answers.wrongCall.includes('setConfig'));
    assert.equal(answers.after, 'closed');
  });
});

test('a project in TypeScript finds the types, and a server without elements may import the package', () => {
  writeFileSync(
    join(folder, 'course.ts'),
    `import { CONTRACT, type Config, type DistilleryClient } from 'distillery-embed';
import { DistilleryClient as Alone } from 'distillery-embed/client';
const lab = document.querySelector('distillery-lab')!;
lab.addEventListener('distillery-status', ({ detail }) => { const is: 'running' | string = detail.status; console.log(is); });
export async function errors(config: Config): Promise<number> {
  const client: DistilleryClient = await lab.activate();
  client.on('epoch', ({ model, measures }) => console.log(model.length + measures.errors));
  // @ts-expect-error: there is no such type of event
  client.on('epochs', () => undefined);
  const { models } = await client.run(config);
  return models['student']!.epochs.at(-1)!.errors + CONTRACT;
}
export const alone = (frame: HTMLIFrameElement): Alone => new Alone(frame);
`,
  );
  const options = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
  ];
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), [...options, 'course.ts'], {
    cwd: folder,
    stdio: 'inherit',
  });
  const names = execFileSync(
    'node',
    ['-p', "import('distillery-embed').then((all) => console.log(Object.keys(all).join()))"],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  assert.match(names, /DistilleryClient/);
});
