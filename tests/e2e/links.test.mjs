// What links say that the page has to make the best of, and what its fields and words do with it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { testDigit } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';
import { serve } from './support/site.mjs';
import { hold } from './support/visits.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** For what is about the later digits, those of an early stop's validation among them. */
const whole = await serve();
after(() => whole.close());

const small = SHORT.replace('#recipe=first-race', '');
const refused = (page) => page.locator('[data-kind="refused"]');
const recipe = (page) => page.locator('[data-field="recipe"] select').inputValue();

for (const hash of ['#recipe=first-race&view.t=x&view.t=y', '#recipe=first-race&seed=abc&seed=abd']) {
  test(`${hash}: both are named in one notice, and Start works`, async () => {
    await onPage({ name: 'twice-in-a-link' }, async (page) => {
      await lab.open(page, site, `${hash}${small}`);
      assert.equal(await refused(page).count(), 1);
      const lines = await refused(page).locator('li').allTextContents();
      assert.equal(lines.length, 2, lines.join('\n'));
      const [, path, first, second] = /([\w.]+)=(\w+)&[\w.]+=(\w+)$/.exec(hash);
      for (const [i, value] of [first, second].entries()) {
        assert.ok(lines[i].includes(path) && lines[i].includes(value), lines[i]);
      }
      await lab.race(page);
      // A further link takes the notice of the one before with it.
      await page.evaluate(() => {
        location.hash = '#seed=12';
      });
      await refused(page).waitFor({ state: 'detached' });
    });
  });
}

test('#view.digit=5000: digit 5000, a 3, with its bars, although only 1,000 are loaded at first', async () => {
  await onPage({ name: 'far-digit' }, async (page) => {
    const release = await hold(page.context(), /test-1/);
    await lab.open(page, whole, '#view.digit=5000&view.engine=cpu');
    const sentence = page.locator('[data-testid="sentence"]');
    await sentence.filter({ hasText: '5000' }).waitFor();
    assert.match(await sentence.textContent(), /1,000 test digits are loaded/);
    release();
    await page.locator('[data-testid="chosen-digit"][data-index="5000"]').waitFor();
    assert.deepEqual(await lab.chosenDigit(page), { index: 5000, label: 3 });
    assert.equal(testDigit(5000).label, 3);
    const { probabilities } = await lab.histogram(page, 'teacher', 1);
    lab.assertSumsToOne(probabilities);
    const [expected] = await page.evaluate(() => window.distillery.softTargets('teacher', 5000, [1]));
    assert.deepEqual(probabilities, expected);
    assert.equal(await page.locator('[data-kind="failure"]').count(), 0);
    assert.equal(await page.locator('[data-testid="explorer"]').getByText('Try again').count(), 0);
  });
});

const READ = {
  '#recipe%3Dteaching-assistant%26seed%3D3': 'as chat programs rewrite links',
  '#recipe%253Dteaching-assistant%2526seed%253D3': 'encoded twice',
  '#!RECIPE=Teaching-Assistant&amp;seed=3).': 'with capitals, HTML and punctuation',
  '#teaching-assistant&seed=3': 'with the name of a recipe alone',
};
test('links that were rewritten on their way are read', async (t) => {
  await onPage({ name: 'rewritten' }, async (page) => {
    for (const [hash, how] of Object.entries(READ)) {
      await t.test(`${hash}, ${how}`, async () => {
        await page.goto('about:blank');
        await lab.open(page, site, hash);
        assert.equal(await recipe(page), 'teaching-assistant');
        assert.equal(await lab.field(page, 'seed').inputValue(), '3');
        assert.equal(await refused(page).count(), 0);
        await page.waitForFunction(() => location.hash === '#recipe=teaching-assistant&seed=3');
      });
    }
  });
});

test('a large experiment fits a link that chat programs leave whole; one that lost its end says so', async () => {
  await onPage({ name: 'packed' }, async (page) => {
    await lab.open(page, site, SHORT);
    const wanted = await page.evaluate(async () => {
      const config = window.distillery.config();
      for (let i = 0; i < 8; i += 1)
        config.models[`student-${i}`] = { ...config.models.student, net: { mlp: { hidden: [20 + i, 16] } } };
      const taken = await window.distillery.setConfig(config);
      navigator.clipboard.writeText = async (text) => {
        window.shared = text;
      };
      return taken;
    });
    await page.waitForFunction(() => location.hash.includes('config.data='));
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Link copied' }).waitFor();
    const link = await page.evaluate(() => window.shared);
    assert.ok(link.length < 2_000, link);
    assert.match(link, /#recipe=first-race&config\.data=[\w-]+(&view\.engine=cpu)?$/);
    const plain = await page.locator('main').getAttribute('data-settings');
    assert.ok(plain.length > 1_500, plain);

    await page.evaluate((hash) => {
      location.hash = hash;
    }, '#seed=12');
    await page.waitForFunction(() => window.distillery.config().seed === 12);
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      `${new URL(link).hash}&seed=9).`,
    );
    await page.waitForFunction(() => window.distillery.config().seed === 9);
    assert.deepEqual(await page.evaluate(() => window.distillery.config()), { ...wanted, seed: 9 });
    assert.equal(await refused(page).count(), 0);

    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      link.slice(link.indexOf('#'), link.indexOf('config.data=') + 90),
    );
    const told = refused(page).filter({ hasText: 'config.data' });
    await told.waitFor();
    assert.match(await told.textContent(), /the whole text, as Share wrote it/);
    assert.equal(Object.keys(await page.evaluate(() => window.distillery.config().models)).length, 3);
  });
});

test('#first-race: read; a word that is nothing is named', async () => {
  await onPage({ name: 'word' }, async (page) => {
    await lab.open(page, site, '#first-race');
    assert.equal(await recipe(page), 'first-race');
    assert.equal(await refused(page).count(), 0);
    await page.evaluate(() => {
      location.hash = '#no-race';
    });
    await refused(page).filter({ hasText: 'no-race' }).waitFor();
  });
});

test('a model called constructor races, is measured and is compared like any other', async () => {
  await onPage({ name: 'constructor' }, async (page) => {
    await lab.open(page, site, `${SHORT}&models.constructor={"net":{"mlp":{"hidden":[8]}}}`);
    assert.equal(await refused(page).count(), 0);
    await lab.race(page);
    const record = await lab.record(page);
    assert.deepEqual(Object.keys(record.models), ['teacher', 'student', 'control', 'constructor']);
    await page.locator('[data-readout="constructor"]').filter({ hasText: 'of 500' }).waitFor();
    await page.locator('[data-model="constructor"] [data-model-status]').click();
    await page.locator('[data-chart="loss"][data-model="constructor"] [data-term="hard"]').waitFor();
  });
});

test('“Epochs” emptied: Start is off, and another recipe, the recipe again or a link let go of it', async () => {
  await onPage({ name: 'emptied' }, async (page) => {
    await lab.open(page, site, SHORT);
    const epochs = lab.field(page, 'training.epochs');
    const isOff = () => page.locator('[data-action="start"][aria-disabled="true"]').waitFor();
    const isWrong = () => epochs.getAttribute('aria-invalid');
    const leave = {
      'another recipe': () => page.locator('[data-field="recipe"] select').selectOption('hinton-2015'),
      'the recipe again': () => page.getByRole('button', { name: /Back to the recipe/ }).click(),
      'a link': () =>
        page.evaluate(() => {
          location.hash = '#training.epochs=4';
        }),
    };
    for (const [how, go] of Object.entries(leave)) {
      await epochs.fill('');
      await isOff();
      assert.equal(await isWrong(), 'true', how);
      await page.locator('[data-action="start"]').click({ force: true });
      assert.equal(await page.locator('#race-bar').getAttribute('data-status'), 'ready', how);
      await go();
      await lab.ready(page);
      await page.waitForFunction(
        () => document.querySelector('[data-field="training.epochs"] input').value !== '',
      );
      assert.equal(await isWrong(), 'false', how);
    }
    const widths = lab.field(page, 'models.student.net.mlp.hidden');
    await widths.fill('thirty');
    await isOff();
    assert.equal(await widths.inputValue(), 'thirty');
    await leave['another recipe']();
    await lab.ready(page);
    assert.match(await widths.inputValue(), /^\d/);
  });
});

test('rate 1e-7 is shown as 1e-7; linear 0.001 → 0.01 rises to 0.01', async () => {
  await onPage({ name: 'rates' }, async (page) => {
    await lab.open(page, site, '#recipe=first-race&training.learning_rate=1e-7');
    await page.locator('[data-model="control"] [data-model-status]').click();
    const schedules = page.locator('[data-schedules="control"]');
    assert.match(await schedules.textContent(), /Learning rate 1e-7/);
    await lab.open(page, site, '#view.t=5');
    await page.evaluate(() => {
      location.hash = '#training.learning_rate={"linear":{"from":0.001,"to":0.01}}';
    });
    const rate = page.locator('[data-field="training.learning_rate.linear.from"]');
    await rate.waitFor();
    assert.match(await rate.textContent(), /rises to 0\.01 by/);
    await page.evaluate(() => {
      location.hash = '#training.learning_rate={"linear":{"from":0.01,"to":1e-7}}';
    });
    await rate.filter({ hasText: 'falls to 1e-7 by' }).waitFor();
  });
});

test('an early stop is shown: after which epoch of how many, a full bar, and that the last weights count', async () => {
  await onPage({ name: 'early-stop' }, async (page) => {
    await lab.open(
      page,
      whole,
      '#data.evaluate_on="test"&training.early_stop=1&training.epochs=40&transfer_set.digits=300&data.evaluated=200&training.learning_rate=0.02',
    );
    await lab.race(page);
    const record = await lab.record(page);
    const early = Object.entries(record.models).filter(([, { stopped }]) => stopped === 'patience_spent');
    assert.ok(early.length > 0, 'the test needs a model that ends early');
    const bar = page.locator('#race-bar');
    const words = await bar.textContent();
    const verdict = await page.locator('.verdict').textContent();
    for (const [model, { epochs }] of early) {
      const after = `${model}: stopped early after epoch ${epochs.at(-1).epoch} of 40`;
      assert.ok(words.includes(after), words);
      assert.ok(verdict.includes(after), verdict);
    }
    assert.match(verdict, /weights of its last epoch count, not those of its best/);
    const { value, max } = await bar
      .locator('progress')
      .evaluate((shown) => ({ value: shown.value, max: shown.max }));
    assert.equal(value, max);
  });
});

test('a model that stopped is compared with nobody on the page, which names it and says why', async () => {
  const broken = { optimiser: { sgd: {} }, learning_rate: 10, weight_decay: 1, batch_size: 8, epochs: 3 };
  const config = structuredClone(SHORT_CONFIG);
  config.models.control = { net: { mlp: { hidden: [20] } }, training: broken };
  await onPage({ name: 'model-stopped' }, async (page) => {
    await lab.open(page, site, '#view.engine=cpu');
    await page.evaluate((wanted) => window.distillery.run(wanted), config);
    const record = await lab.record(page);
    assert.equal(record.models.control.stopped, 'loss_not_finite');
    const verdict = page.locator('.verdict');
    assert.equal(await verdict.getAttribute('data-verdict'), 'none');
    assert.match(await verdict.textContent(), /No verdict on control/);
    await page.locator('[data-model="control"] [data-model-status="stopped"]').waitFor();
    assert.match(await page.locator('.warning').first().textContent(), /^control: /);
    assert.match(await page.locator('[data-readout="control"]').textContent(), /stopped/);
    assert.match(await page.locator('[data-testid="disagreements"]').textContent(), /No verdict on control/);
  });
});

test('a link carries the digest of its result, and the page says whether it got the same', async () => {
  await onPage({ name: 'with-a-result' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.race(page);
    const { digest } = await lab.record(page);
    await page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => {
        window.shared = text;
      };
    });
    await page.getByRole('button', { name: 'Share' }).click();
    const link = await page.evaluate(() => window.shared);
    assert.ok(link.includes(digest.slice(0, 16)), link);
    const said = page.locator('[data-link-result]');
    assert.equal(await said.count(), 0);
    await page.goto(link);
    await page.reload();
    await lab.ready(page);
    assert.equal(await said.getAttribute('data-link-result'), 'waiting');
    await lab.race(page);
    assert.equal(await said.getAttribute('data-link-result'), 'same');
    await lab.field(page, 'seed').fill('77');
    await said.waitFor({ state: 'detached' });
    await page.goto(link.replace(digest.slice(0, 16), '0123456789abcdef'));
    await page.reload();
    await lab.ready(page);
    await lab.race(page);
    assert.equal(await said.getAttribute('data-link-result'), 'other');
  });
});
