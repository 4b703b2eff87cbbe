// What is refused is told in the reader's language: the field, its value, its range, and no text of a parser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT_CONFIG } from './support/settings.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

const HASH =
  '#training.epochs=2.5&seed=-1&training.learning_rate=abc&models.student.net.mlp.hidden=[0,-1]&training.epochz=3';
const PARSER = /invalid type|untagged|variant|expected u|line \d+ column/;

const IN_LANGUAGE = {
  en: [
    /Epochs \(training\.epochs\): 2\.5 is not allowed\. Allowed: a whole number from 1 to 500\./,
    /Seed \(seed\): -1 is not allowed\. Allowed: a whole number from 0 to 4,294,967,295\./,
    /training\.learning_rate\): "abc" is not allowed\. Allowed: a number from 0 to 10/,
    /hidden\): \[0,-1\] is not allowed\. Allowed: a whole number from 1 to 2,048\./,
    /training\.epochz=3: no setting and no recipe has this name\./,
  ],
  zh: [
    /轮数（training\.epochs）：不允许 2\.5。允许：1 到 500 的整数。/,
    /种子（seed）：不允许 -1。允许：0 到 4,294,967,295 的整数。/,
    /training\.learning_rate）：不允许 "abc"。允许：0 到 10 的数/,
    /hidden）：不允许 \[0,-1\]。允许：1 到 2,048 的整数。/,
    /training\.epochz=3：没有这样的设置，也没有这样的方案。/,
  ],
};

const SWITCH = { en: 'English', zh: '中文' };

test('epochs=2.5, seed=-1, learning_rate=abc, hidden=[0,-1] are told with their ranges in both languages', async () => {
  await onPage({ name: 'refused' }, async (page) => {
    await lab.open(page, site, `${HASH}&view.lang=en`);
    const notice = page.locator('[data-kind="refused"]');
    for (const [language, sentences] of Object.entries(IN_LANGUAGE)) {
      if (language !== 'en') await page.getByRole('button', { name: SWITCH[language] }).click();
      for (const sentence of sentences) await notice.filter({ hasText: sentence }).waitFor();
      assert.doesNotMatch(await notice.textContent(), PARSER);
    }
  });
});

const NO_PICTURES = {
  en: /Not loaded: Your file of images cannot be used: it is not an idx file, as it begins with 6e 6f, not 00 00\. Choose another file\./,
  zh: /未加载：您的图片文件无法使用：不是 idx 文件：开头是 6e 6f，而不是 00 00。请换一个文件。/,
};

test('own pictures that are none are refused with what is wrong and what to do, in both languages', async () => {
  await onPage({ name: 'own' }, async (page) => {
    await lab.open(page, site, '#transfer_set.pictures=own&view.lang=en');
    const file = {
      name: 'a.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no digits at all, only words'),
    };
    for (const [language, sentence] of Object.entries(NO_PICTURES)) {
      if (language !== 'en') await page.getByRole('button', { name: SWITCH[language] }).click();
      await page.locator('[data-own="images"]').first().setInputFiles(file);
      await page.locator('[data-own="labels"]').first().setInputFiles(file);
      await page
        .locator('[data-own="told"]')
        .first()
        .filter({ hasText: sentence })
        .waitFor({ timeout: 10_000 });
    }
  });
});

test('a loss that is not finite is told in both languages, with its step and its learning rate', async () => {
  const broken = { optimiser: { sgd: {} }, learning_rate: 10, weight_decay: 1, batch_size: 8, epochs: 3 };
  const config = structuredClone(SHORT_CONFIG);
  config.models.control = { net: { mlp: { hidden: [20] } }, training: broken };
  await onPage({ name: 'warning-words' }, async (page) => {
    await lab.open(page, site, '#view.engine=cpu&view.lang=en');
    await page.evaluate((wanted) => window.distillery.run(wanted), config);
    const warning = page.locator('.warning').first();
    const told = await warning.textContent();
    assert.match(
      told,
      /^control: The .*loss.* is not finite since step [\d,]+, at a learning rate of 10; .*Lower the learning rate/,
    );
    await page.getByRole('button', { name: '中文' }).click();
    await warning
      .filter({ hasText: /^对照：从第 [\d,]+ 步起，.*损失不再是有限值（学习率 10）.*请调低学习率/ })
      .waitFor({ timeout: 5_000 });
  });
});
