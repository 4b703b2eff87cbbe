// window.distillery, and the same calls by postMessage from a page of another origin that embeds this one.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { lesson } from './support/lesson.mjs';
import { assertNear, softmax } from './support/numbers.mjs';
import { SHORT_CONFIG } from './support/settings.mjs';
import { serve } from './support/site.mjs';
import { hold } from './support/visits.mjs';

/** Asks the lab beside it, and tells the lesson how many answers it had. */
const sibling = `<!doctype html><title>A sibling</title><link rel="icon" href="data:,"><script>
  let answers = 0;
  addEventListener('message', () => { answers += 1; });
  parent.frames[0].postMessage({ distillery: 'ready', id: 1 }, '*');
  setTimeout(() => parent.postMessage({ answers }, '*'), 500);
</script>`;

const { site, onPage } = await setUp();
const host = await serve({
  pages: { '/lesson': lesson(`${site.url}#view.engine=cpu`), '/sibling': sibling },
});
after(() => host.close());

test('ready, run, on, softTargets and predict', async () => {
  await onPage({ name: 'api' }, async (page) => {
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
  await onPage({ name: 'api-refused' }, async (page) => {
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
  await onPage({ name: 'embedded' }, async (page) => {
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

test('what is no call is refused by the name of its field', async () => {
  await onPage({ name: 'embedded-refused' }, async (page) => {
    await page.goto(`${host.url}lesson`);
    const refused = await page.evaluate(async (config) => {
      await window.ask('ready');
      const asked = (name, ...args) => window.ask(name, ...args).catch((reason) => reason.problems[0].path);
      const ways = {
        unknown: await asked('trainFaster'),
        constructor: await asked('constructor'),
        proto: await asked('__proto__'),
        event: await asked('on', 'constructor'),
        none: await asked('on'),
        run: await asked('run'),
        engines: await asked('sweep', { config, fields: {}, seeds: 1 }, 1.5),
        pixels: await asked('predict', 'teacher', [1, 2, 3]),
        pixel: await asked('predict', 'teacher', [...new Array(783).fill(0), 1.5]),
        pictures: await asked('addOwn', 'images', 'labels'),
      };
      // Shapes that `ask` cannot send: the answer comes to no id.
      const before = window.answers.length;
      await window.send({ distillery: 'ready', id: { of: 'mine' } });
      await window.send({ distillery: 'ready', id: 1, args: 'all' });
      await window.send({ distillery: 5, id: 2 });
      while (window.answers.length < before + 3) await new Promise((later) => setTimeout(later, 20));
      ways.shapes = window.answers.slice(before).map(({ error }) => error.problems[0].path);
      return ways;
    }, SHORT_CONFIG);
    assert.deepEqual(refused, {
      unknown: 'distillery',
      constructor: 'distillery',
      proto: 'distillery',
      event: 'event',
      none: 'event',
      run: 'config',
      engines: 'engines',
      pixels: 'pixels',
      pixel: 'pixels[783]',
      pictures: 'images',
      shapes: ['id', 'args', 'distillery'],
    });
  });
});

test('messages that are for others are not answered, and no call without an id', async () => {
  await onPage({ name: 'embedded-others' }, async (page) => {
    await page.goto(`${host.url}lesson`);
    const answers = await page.evaluate(async () => {
      await window.ask('ready');
      const before = window.answers.length;
      for (const message of [
        null,
        'ready',
        7,
        [],
        { type: 'ready' },
        { distillery: 'result', id: '9', value: 1 },
        { distillery: 'nobody knows' },
        Object.create({ distillery: 'ready' }),
      ]) {
        await window.send(message);
      }
      await window.ask('ready');
      return window.answers.slice(before);
    });
    assert.equal(answers.length, 1, JSON.stringify(answers));
  });
});

test('listeners do not grow: a type asked for a thousand times arrives once, and off ends it', async () => {
  await onPage({ name: 'embedded-listeners' }, async (page) => {
    await page.goto(`${host.url}lesson`);
    const counts = await page.evaluate(async (config) => {
      await window.ask('ready');
      for (let i = 0; i < 1000; i += 1) window.send({ distillery: 'on', args: ['done'] });
      await window.ask('on', 'epoch');
      await window.ask('on', '*');
      await window.ask('off', '*');
      await window.ask('off', 'epoch');
      await window.ask('run', config);
      const once = [...window.events];
      await window.ask('off', 'done');
      await window.ask('run', config);
      return { once, after: window.events.length };
    }, SHORT_CONFIG);
    assert.deepEqual(counts.once, ['done']);
    assert.equal(counts.after, 1);
  });
});

test('only the window around the page is answered: not its frames, not its siblings', async () => {
  await onPage({ name: 'embedded-strangers' }, async (page) => {
    await page.goto(`${host.url}lesson`);
    await page.evaluate(() => window.ask('ready'));
    const heard = await page.evaluate(async (address) => {
      // A sibling in the same lesson, with a script of its own that asks the lab.
      const sibling = document.createElement('iframe');
      sibling.src = `${address}sibling`;
      const heard = [];
      addEventListener('message', ({ source, data }) => {
        if (source === sibling.contentWindow) heard.push(data);
      });
      document.body.append(sibling);
      while (heard.length === 0) await new Promise((later) => setTimeout(later, 20));
      return heard[0];
    }, host.url);
    assert.deepEqual(heard, { answers: 0 });
  });
});

test('distillery.ready then at once softTargets(teacher, 5000, [1]): waits and answers; index 1.5, NaN, “3”, −1, 10000 is refused by name', async () => {
  await onPage({ name: 'api-digits' }, async (page) => {
    const release = await hold(page.context(), /test-1/);
    await page.goto(`${site.url}#view.engine=cpu`);
    const asked = page.evaluate(async () => {
      const { distillery } = window;
      await distillery.ready;
      window.isAsked = true;
      const [soft] = await distillery.softTargets('teacher', 5000, [1]);
      const refused = {};
      for (const digit of [1.5, NaN, '3', -1, 10_000]) {
        const reason = await distillery.softTargets('teacher', digit, [1]).catch((thrown) => thrown);
        refused[digit] = reason.problems[0];
      }
      const cold = await distillery.softTargets('teacher', 0, [0]).catch((thrown) => thrown.problems[0]);
      return { soft, refused, cold };
    });
    await page.waitForFunction(() => window.isAsked);
    release();
    const answers = await asked;
    // Test digit 5000 is a 3.
    assert.equal(answers.soft.indexOf(Math.max(...answers.soft)), 3);
    const allowed = { code: 'whole', min: 0, max: 9999 };
    assert.deepEqual(answers.refused, {
      1.5: { path: 'digit', value: '1.5', allowed },
      NaN: { path: 'digit', value: 'NaN', allowed },
      3: { path: 'digit', value: '"3"', allowed },
      '-1': { path: 'digit', value: '-1', allowed },
      10000: { path: 'digit', value: '10000', allowed },
    });
    assert.deepEqual(answers.cold, {
      path: 'temperatures[0]',
      value: '0',
      allowed: { code: 'numbers_above', min: 0 },
    });
  });
});

test('a model called constructor is a model, with its epochs, charts and verdict', async () => {
  await onPage({ name: 'api-names' }, async (page) => {
    await page.goto(`${site.url}#view.engine=cpu`);
    const { teacher, student } = SHORT_CONFIG.models;
    const config = {
      ...SHORT_CONFIG,
      models: { teacher, constructor: student, control: { net: { same_as: 'constructor' } } },
    };
    const record = await page.evaluate((wanted) => window.distillery.run(wanted), config);
    assert.equal(record.models.constructor.epochs.at(-1).evaluated, 500);
    await page.locator('[data-chart="accuracy"] svg').first().waitFor();
    const refused = await page.evaluate(
      (wanted) =>
        window.distillery
          .run(JSON.parse(wanted.replace('"constructor":', '"__proto__":')))
          .catch((reason) => reason.problems.map(({ value }) => value)),
      JSON.stringify({ ...config, models: { teacher, constructor: student } }),
    );
    assert.ok(
      refused.some((value) => value.includes('__proto__')),
      JSON.stringify(refused),
    );
  });
});

test('a lesson whose own origin has no name, a file on the disk, is answered as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-lesson-'));
  const path = join(folder, 'lesson.html');
  writeFileSync(path, lesson(`${site.url}#view.engine=cpu`));
  try {
    await onPage({ name: 'embedded-null' }, async (page) => {
      await page.goto(`file://${path}`);
      const answers = await page.evaluate(async (config) => {
        await window.ask('ready');
        await window.ask('on', 'done');
        const { digest } = await window.ask('run', config);
        return { origin, digest, events: window.events };
      }, SHORT_CONFIG);
      assert.equal(answers.origin, 'null');
      assert.match(answers.digest, /^[0-9a-f]{64}$/);
      assert.deepEqual(answers.events, ['done']);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
