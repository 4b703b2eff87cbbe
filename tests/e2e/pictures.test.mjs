// Transfer sets that are no digits of MNIST: clothes, fetched only when a config needs them, and the visitor's own pictures.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { launch, withPage } from './support/chromium.mjs';
import * as lab from './support/page.mjs';
import { serve } from './support/site.mjs';

let site;
let browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await site.close();
});

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

/** An idx file: its dimensions and its bytes. */
function idx(dims, values) {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header.set([0, 0, 8, dims.length]);
  for (const [i, dim] of dims.entries()) header.writeUInt32BE(dim, 4 + 4 * i);
  return Buffer.concat([header, values]);
}

test('clothes are fetched once, when a config learns on them', async () => {
  await withPage(browser, { name: 'clothes' }, async (page) => {
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

test('own pictures are taken from two files, and wrong files are refused by name', async () => {
  await withPage(browser, { name: 'own' }, async (page) => {
    await lab.open(page, site);
    await page.locator('[data-field="transfer_set.pictures"] select').selectOption('own');
    const told = page.locator('[data-own="told"]');
    const give = (which, name, buffer) =>
      page
        .locator(`[data-own="${which}"]`)
        .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    const labels = idx([128], Buffer.alloc(128, 7));
    await give('images', 'labels', labels);
    await give('labels', 'labels', labels);
    await page.locator('[data-own="told"].error').waitFor();
    assert.match(await told.textContent(), /own images: it has 1 dimension\(s\), not 3/);
    const pixels = Buffer.from(Array.from({ length: 128 * 784 }, (_, i) => (i * i) % 251));
    await give('images', 'images.gz', gzipSync(idx([128, 28, 28], pixels)));
    await page.locator('[data-own="told"]:not(.error)').waitFor();
    assert.match(await told.textContent(), /128/);
    const record = await onPictures(page, 'own', 128);
    assert.equal(record.models.student.epochs.at(-1).step, 1);
    assert.match((await onPictures(page, 'own', 129)).refused, /the first 129 .*--own-images/);
  });
});
