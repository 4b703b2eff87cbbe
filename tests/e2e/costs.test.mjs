// What models take stands on the tree and in a table before anything is trained, and follows the settings.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUp } from './support/fixture.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';

const { site, onPage } = await setUp({ site: { laterDigits: false } });
const NETS = `${SHORT}&models.student.net={"mlp":{"hidden":[10]}}`;

/** The cells of a model's line in the table, as they are shown. */
const costs = (page, model) => page.locator(`[data-cost="${model}"] td`).allTextContents();
const node = (page, model) => page.locator(`[data-node-cost="${model}"]`);
const words = (count) => new Intl.NumberFormat('en').format(count);

async function barShare(page, model) {
  const bar = page.locator(`.tree li[data-model="${model}"] .bar`);
  const [whole, filled] = await bar.evaluate((track) => [
    track.getBoundingClientRect().width,
    track.firstElementChild.getBoundingClientRect().width,
  ]);
  return filled / whole;
}

test('weights, bytes and multiply-adds stand there before Start and change with the network; time comes with the race', async () => {
  await onPage({ name: 'costs' }, async (page) => {
    await lab.open(page, site, NETS);
    await node(page, 'student').getByText('7.96K weights').waitFor();
    // 784·10 + 10·10 products; 20 biases besides; 4 bytes a weight.
    assert.deepEqual((await costs(page, 'student')).slice(0, 3), ['7,960', '31,840', '7,940']);
    const shared = await costs(page, 'control');
    assert.deepEqual(shared, await costs(page, 'student'), 'the same network');
    const weights = async (model) => Number((await costs(page, model))[0].replaceAll(',', ''));
    const share = (await weights('student')) / (await weights('teacher'));
    // A pixel of rounding on a bar of some hundred.
    assert.ok(Math.abs((await barShare(page, 'student')) - share) < 0.02, `${share}`);
    assert.ok((await barShare(page, 'teacher')) > 0.99);

    const widths = lab.field(page, 'models.student.net.mlp.hidden');
    await widths.fill('128, 64');
    await node(page, 'student').getByText('109K weights').waitFor();
    assert.deepEqual((await costs(page, 'student')).slice(0, 3), ['109,386', '437,544', '109,184']);
    await widths.fill('9999');
    await page.locator('[data-cost]').first().waitFor({ state: 'detached' });
    await widths.fill('10');
    await node(page, 'student').getByText('7.96K weights').waitFor();

    await lab.race(page);
    const record = await lab.record(page);
    for (const model of ['teacher', 'student', 'control']) {
      const cost = record.costs[model];
      assert.ok(cost.microseconds_a_digit > 0, model);
      assert.equal(cost.weights, record.models[model].parameters);
      const [shown, bytes, multiplyAdds, time] = await costs(page, model);
      assert.deepEqual(
        [shown, bytes, multiplyAdds],
        [cost.weights, cost.bytes, cost.multiply_adds].map(words),
      );
      assert.ok(Math.abs(Number(time.replaceAll(',', '')) - cost.microseconds_a_digit) <= 0.05, time);
    }
    const csv = (await lab.exported(page, 'measures')).toString('utf8').split('\r\n');
    const column = (line, name) => line.split(',')[csv[0].split(',').indexOf(name)];
    const last = csv.findLast((line) => line.startsWith('student,'));
    assert.equal(column(last, 'weights'), '7960');
    assert.equal(column(last, 'multiply_adds'), '7940');
    assert.equal(Number(column(last, 'microseconds_a_digit')), record.costs.student.microseconds_a_digit);
  });
});
