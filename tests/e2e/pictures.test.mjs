// Transfer sets that are no digits of MNIST: clothes, fetched only when a config needs them, and the visitor's own pictures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { setUp } from './support/fixture.mjs';
import { idx, idxImages, idxLabels, inverted, testDigits, transposed, zerosAndOnes } from './support/idx.mjs';
import * as lab from './support/page.mjs';
import { SHORT, SHORT_CONFIG } from './support/settings.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

/** A small student of the shipped teacher on other pictures, and nobody else. */
async function onPictures(page, pictures, digits) {
  return page.evaluate(
    ([set, count]) =>
      window.distillery
        .run({
          version: 1,
          data: { evaluated: 100 },
          training: { epochs: 1 },
          models: {
            teacher: {
              net: { cnn: { channels: [12, 24], kernel: 5, hidden: [96], dropout: 0.3 } },
              init: { pretrained: 'mnist-cnn' },
            },
            student: {
              net: { mlp: { hidden: [16] } },
              learns_from: [{ model: 'teacher' }],
              objective: { hard_weight: 0 },
              transfer_set: { pictures: set, digits: count },
            },
          },
        })
        .catch((failure) => ({ refused: failure.message })),
    [pictures, digits],
  );
}

test('clothes are fetched once, when a config learns on them', async () => {
  await onPage({ name: 'clothes' }, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    const clothes = () => asked.filter((url) => url.includes('/data/fashion'));
    await lab.open(page, site);
    // A race on digits alone asks for none.
    const plain = await onPictures(page, 'mnist', 128);
    assert.equal(plain.models.student.epochs.at(-1).step, 1);
    assert.deepEqual(clothes(), []);
    const record = await onPictures(page, 'fashion', 256);
    assert.equal(record.models.student.epochs.at(-1).step, 2);
    await onPictures(page, 'fashion', 128);
    assert.equal(clothes().length, 1);
  });
});

/** Hands a file to one of the two inputs of a set. */
const give = (page, set, part, buffer) =>
  page
    .locator(`[data-own-set="${set}"] [data-own="${part}"]`)
    .setInputFiles({ name: part, mimeType: 'application/octet-stream', buffer });

/** What the teacher makes of a set, once it has looked. */
async function agreement(page, set) {
  const told = page.locator(`[data-own-set="${set}"][data-stage="here"] [data-own="agreement"]`);
  await told.waitFor();
  const [agreed, lookedAt] = await Promise.all(
    ['agreed', 'looked-at'].map((name) => told.getAttribute(`data-${name}`)),
  );
  return { agreed: Number(agreed), lookedAt: Number(lookedAt), words: await told.textContent() };
}

test('own pictures are taken from two files, and wrong files are refused by name', async () => {
  await onPage({ name: 'own' }, async (page) => {
    await lab.open(page, site);
    await page.locator('[data-field="transfer_set.pictures"] select').selectOption('own');
    const told = page.locator('[data-own="told"]');
    const labels = idx([128], Buffer.alloc(128, 7));
    await give(page, 'own', 'images', labels);
    await give(page, 'own', 'labels', labels);
    await page.locator('[data-own="told"].error').waitFor();
    assert.match(
      await told.textContent(),
      /Your file of images cannot be used: the number of its dimensions is 1, not 3/,
    );
    const pixels = Buffer.from(Array.from({ length: 128 * 784 }, (_, i) => (i * i) % 251));
    await give(page, 'own', 'images', gzipSync(idx([128, 28, 28], pixels)));
    await page.locator('[data-own-set="own"][data-stage="here"]').waitFor();
    assert.match(await told.textContent(), /128/);
    const record = await onPictures(page, 'own', 128);
    assert.equal(record.models.student.epochs.at(-1).step, 1);
    assert.match((await onPictures(page, 'own', 129)).refused, /the first 129 .*--own-images/);
  });
});

const CAME = [
  ['transposed', transposed, /mirrored at the diagonal \(transposed\)/],
  ['inverted', inverted, /ink and paper exchanged \(inverted\)/],
  ['of 0 and 1', zerosAndOnes, /grey values stretched to 0–255/],
];
for (const [how, done, words] of CAME) {
  test(`own pictures ${how}, as EMNIST comes, show a strip and what the teacher agrees with; one press takes them so`, async () => {
    await onPage({ name: `own-${how.replaceAll(' ', '-')}` }, async (page) => {
      await lab.open(page, site, SHORT);
      await page.locator('[data-field="data.set"] select').selectOption('own');
      const { pixels, labels } = testDigits(1000);
      await give(page, 'own_test', 'images', idxImages(done(pixels)));
      await give(page, 'own_test', 'labels', idxLabels(labels));
      const before = await agreement(page, 'own_test');
      assert.equal(before.lookedAt, 300);
      assert.ok(before.agreed < 150, `${before.agreed} of 300`);
      assert.match(before.words, words);
      const strip = page.locator('[data-own="picture"]');
      assert.equal(await strip.count(), 15);
      assert.match((await strip.allTextContents()).join(' '), /\d ≠ \d/);
      await page.locator('[data-own="take"]').click();
      await page.locator('[data-own="readings"]').waitFor();
      const after = await agreement(page, 'own_test');
      // Right on more than 95 %, and nothing more to suggest.
      assert.ok(after.agreed > 285, `${after.agreed} of 300`);
      assert.equal(await page.locator('[data-own="take"]').count(), 0);
      assert.match(await page.locator('[data-own="readings"]').textContent(), words);
    });
  });
}

test('own test pictures are measured and compared, and the digits of the record are theirs', async () => {
  await onPage({ name: 'own-test' }, async (page) => {
    await lab.open(page, site, SHORT);
    const config = { ...SHORT_CONFIG, data: { set: 'own', evaluated: 10_000 } };
    const refused = await page.evaluate(
      (given) => window.distillery.run(given).catch(({ code, message }) => ({ code, message })),
      config,
    );
    assert.equal(refused.code, 'digits_missing');
    assert.match(refused.message, /test pictures of your own/);
    // The last 400 of MNIST's first 1,000 test digits, so that no index means what it means there.
    const { pixels, labels } = testDigits(1000);
    const own = { pixels: pixels.subarray(600 * 784), labels: labels.subarray(600) };
    const files = [idxImages(own.pixels), idxLabels(own.labels)].map((file) => [...file]);
    const count = await page.evaluate(
      ([images, classes]) => window.distillery.addOwnTest(Uint8Array.from(images), Uint8Array.from(classes)),
      files,
    );
    assert.equal(count, 400);
    const onTest = await page.evaluate((given) => window.distillery.run(given), {
      ...SHORT_CONFIG,
      data: { evaluated: 1000 },
    });
    const onOwn = await page.evaluate((given) => window.distillery.run(given), config);
    assert.equal(onOwn.config.data.set, 'own');
    for (const [name, model] of Object.entries(onOwn.models)) {
      const all = onTest.models[name];
      assert.equal(model.weights_digest, all.weights_digest);
      assert.equal(model.epochs.at(-1).evaluated, 400);
      assert.deepEqual(
        model.wrong,
        all.wrong.filter((index) => index >= 600).map((index) => index - 600),
      );
    }
    const [pair] = onOwn.comparisons.filter(({ a, b }) => a === 'student' && b === 'control');
    const wrong = (name) => new Set(onOwn.models[name].wrong);
    const only = (a, b) => [...wrong(a)].filter((index) => !wrong(b).has(index)).length;
    assert.equal(pair.only_a_wrong, only('student', 'control'));

    // The panels look at the same pictures.
    const found = page.locator('[data-testid="disagreements"][data-count]');
    await found.waitFor();
    const digit = found.locator('[data-digit]').first();
    await digit.waitFor();
    const index = Number(await digit.getAttribute('data-digit'));
    assert.ok(index < 400);
    await digit.click();
    await page.locator(`[data-testid="chosen-digit"][data-index="${index}"]`).waitFor();
    assert.deepEqual(await lab.chosenDigit(page), { index, label: own.labels[index] });
  });
});

test('own pictures can be removed, and dropped on the panel', async () => {
  await onPage({ name: 'own-dropped' }, async (page) => {
    await lab.open(page, site, SHORT);
    await page.locator('[data-field="transfer_set.pictures"] select').selectOption('own');
    const { pixels, labels } = testDigits(50);
    const panel = page.locator('[data-own-set="own"]');
    const dropped = await page.evaluateHandle(
      (files) => {
        const transfer = new DataTransfer();
        for (const [name, bytes] of files) transfer.items.add(new File([Uint8Array.from(bytes)], name));
        return transfer;
      },
      [
        ['labels', [...idxLabels(labels)]],
        ['images', [...idxImages(pixels)]],
      ],
    );
    await panel.dispatchEvent('drop', { dataTransfer: dropped });
    const told = await agreement(page, 'own');
    assert.deepEqual([told.lookedAt, told.agreed], [50, 50]);
    await panel.getByRole('button', { name: 'Remove these pictures' }).click();
    await page.locator('[data-own-set="own"][data-stage="none"]').waitFor();
    assert.match(
      (await onPictures(page, 'own', 50)).refused,
      /the first 50 pictures of your own are needed, but 0 are loaded/,
    );
  });
});
