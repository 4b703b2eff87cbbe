// What models do on digits they learn on, and on digits that nobody taught them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import { testDigit } from './support/numbers.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });

test('training digits are measured when asked, told beside the test digits, and kept in link and record', async () => {
  await onPage({ name: 'curves' }, async (page) => {
    await lab.open(page, site, SHORT);
    const curves = page.locator('[data-testid="learning-curves"]');
    await curves.locator('summary').click();
    await curves.locator('[data-testid="measure-training"]').check();
    await page.waitForFunction(() => location.hash.includes('data.training_evaluated=2000'));
    await lab.race(page);
    const { models } = await lab.record(page);
    for (const model of ['student', 'control']) {
      const { epochs } = models[model];
      const [first, last] = [epochs[0], epochs.at(-1)];
      // Of 640 digits there are no more to measure.
      assert.equal(last.training.evaluated, 640);
      assert.ok(last.training.loss < first.training.loss && last.evaluated_loss > last.training.loss);
      const text = await curves.locator(`[data-curves-of="${model}"]`).textContent();
      const lowest = Math.min(...epochs.map(({ evaluated_loss }) => evaluated_loss));
      for (const figure of [lowest.toFixed(3), last.evaluated_loss.toFixed(3), last.training.loss.toFixed(3)])
        assert.ok(text.includes(figure), `${text} tells ${figure}`);
      assert.ok(text.includes(`${last.training.errors} errors of 640`), text);
    }
    for (const chart of ['curve-errors', 'curve-loss'])
      assert.ok((await curves.locator(`[data-chart="${chart}"] svg path`).count()) > 4, chart);
  });
});

test('errors on distorted digits: none distorted are the plain ones, more of it costs more, and it can be cancelled', async () => {
  await onPage({ name: 'distorted' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.race(page);
    const panel = page.locator('[data-testid="distorted"]');
    await panel.locator('summary').click();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByText('Cancelled').waitFor();
    assert.equal(await panel.getAttribute('data-complete'), null);
    await panel.getByRole('button', { name: 'Go on measuring' }).click();
    await page.locator('[data-testid="distorted"][data-complete]').waitFor({ timeout: 120_000 });
    const errorsAt = async (position) => {
      await panel.locator('[data-testid="strength"]').fill(String(position));
      const items = panel.locator('li[data-model]');
      return items.evaluateAll((all) =>
        Object.fromEntries(all.map(({ dataset }) => [dataset.model, Number(dataset.errors)])),
      );
    };
    const [plain, most] = [await errorsAt(0), await errorsAt(8)];
    const choices = await page.evaluate(async () => {
      const firsts = [];
      for (let digit = 0; digit < 1000; digit += 1) {
        const [p] = await window.distillery.softTargets('teacher', digit, [1]);
        firsts.push(p.indexOf(Math.max(...p)));
      }
      return firsts;
    });
    assert.equal(plain.teacher, choices.filter((choice, i) => choice !== testDigit(i).label).length);
    // Turned by 64 degrees a digit is hard for anyone who was never shown one.
    for (const model of ['teacher', 'student', 'control']) assert.ok(most[model] > plain[model] + 300, model);
    const sentence = await panel.locator('[data-testid="distorted-sentence"]').textContent();
    assert.ok(sentence.includes('64°') && sentence.includes(`${most.teacher} errors of 1,000`), sentence);
  });
});
