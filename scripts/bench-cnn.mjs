// How long a visitor waits until a CNN, trained from nothing in the page, tells 99 % of the test digits: `make bench-cnn`.
// On the CPU engine, from pressing Start; weights and order by the seed.
// Writes the table of docs/performance.md.

import { median } from '../bench/numbers.mjs';
import { whole } from '../bench/options.mjs';
import { kept } from '../tests/e2e/support/page.mjs';
import { serve } from '../tests/e2e/support/site.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';
import { writeTable } from './table.mjs';

const REPEATS = whole('REPEATS', 1, 100)(process.env.REPEATS || '5');
const TARGET = 0.01;
const EPOCHS = 10;
/** Chosen on validation digits. */
const configOf = (seed) => ({
  version: 1,
  seed,
  data: { evaluated: 10_000 },
  transfer_set: { digits: 55_000 },
  training: {
    epochs: EPOCHS,
    batch_size: 128,
    optimiser: { adam: {} },
    learning_rate: { cosine: { from: 0.004, to: 0 } },
  },
  models: { cnn: { net: { cnn: { channels: [12, 24], kernel: 5, hidden: [96] } } } },
});

/** Seconds and errors at the end of each epoch. */
function epochs(page, config) {
  return page.evaluate(async (wanted) => {
    const found = [];
    const begun = performance.now();
    const stop = window.distillery.on('epoch', ({ measures }) => {
      if (measures.epoch > 0)
        found.push({ seconds: (performance.now() - begun) / 1000, errors: measures.errors });
    });
    await window.distillery.run(wanted);
    stop();
    return found;
  }, config);
}

const site = await serve();
const browser = await launch();
const rows = [];
const reached = [];
try {
  const page = await browser.newPage();
  await page.goto(`${site.url}#view.engine=cpu`);
  await page.waitForFunction(() => window.distillery);
  await page.evaluate(() => window.distillery.ready);
  // All digits have come, as for a visitor who looked at the page first.
  await kept(page);
  for (let seed = 1; seed <= REPEATS; seed += 1) {
    const found = await epochs(page, configOf(seed));
    const first = found.findIndex(({ errors }) => errors <= TARGET * 10_000);
    const last = found.at(-1);
    if (first >= 0) reached.push(found[first].seconds);
    rows.push(
      `| ${seed} | ${first < 0 ? 'not' : found[first].seconds.toFixed(1)} | ${first < 0 ? '–' : first + 1} | ${last.errors} | ${last.seconds.toFixed(1)} |`,
    );
    console.log(rows.at(-1));
  }
} finally {
  await browser.close();
  await site.close();
}
writeTable('cnn', {
  command: 'make bench-cnn',
  how: `CNN 12-24-96, 55,000 digits, ${EPOCHS} epochs, measured on 10,000 test digits after each; 99 % reached in ${reached.length} of ${REPEATS} runs, after ${reached.length ? median(reached).toFixed(1) : '–'} s in the median.`,
  rows: [
    '| seed | 99 % after, s | in epoch | errors at the end | the end after, s |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ],
});
