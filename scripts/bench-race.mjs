// How long the race takes that opens first, in the page on the CPU engine, from Start to its verdict: `make bench-race`.
// Writes the table of docs/performance.md.

import { median } from '../bench/numbers.mjs';
import { whole } from '../bench/options.mjs';
import { ready } from '../tests/e2e/support/page.mjs';
import { serve } from '../tests/e2e/support/site.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';
import { writeTable } from './table.mjs';

const REPEATS = whole('REPEATS', 1, 100)(process.env.REPEATS || '3');
const MOST_MS = 300_000;

async function once(browser, site) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(MOST_MS);
  try {
    const page = await context.newPage();
    await page.goto(`${site.url}#view.engine=cpu`);
    await ready(page);
    const begun = performance.now();
    await page.click('[data-action="start"]');
    await page.locator('[data-verdict]:not([data-verdict="none"])').waitFor();
    const seconds = (performance.now() - begun) / 1000;
    const verdict = await page.locator('[data-verdict] .sentence').first().textContent();
    return { seconds, verdict, recipe: await page.locator('[data-field="recipe"] select').inputValue() };
  } finally {
    await context.close();
  }
}

const found = [];
const site = await serve({});
const browser = await launch();
try {
  for (let repeat = 0; repeat < REPEATS; repeat += 1) found.push(await once(browser, site));
} finally {
  await browser.close();
  await site.close();
}

const verdicts = [...new Set(found.map(({ verdict }) => verdict.trim()))];
const times = found.map(({ seconds }) => seconds.toFixed(1)).join(', ');
writeTable('race', {
  command: 'make bench-race',
  how: `${REPEATS} races one after another, with whatever else the machine did.`,
  rows: [
    '| race | from Start to the verdict, s | median, s | verdict on validation digits |',
    '| --- | --- | ---: | --- |',
    `| \`${found[0].recipe}\` | ${times} | ${median(found.map(({ seconds }) => seconds)).toFixed(1)} | ${verdicts.join(' / ')} |`,
  ],
});
