// How long a first visitor waits, on this machine and over slower lines: `make bench-visit`. Writes the table of
// docs/performance.md.

import { median } from '../bench/numbers.mjs';
import { whole } from '../bench/options.mjs';
import { bytesOf, neededRequests, visit } from '../tests/e2e/support/first-visit.mjs';
import { serve } from '../tests/e2e/support/site.mjs';
import { slowLink } from '../tests/e2e/support/slow-link.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';
import { writeTable } from './table.mjs';

const REPEATS = whole('REPEATS', 1, 100)(process.env.REPEATS || '3');
/** Bits a second are what lines are sold by. */
const LINES = [
  { name: 'localhost' },
  { name: 'localhost, a host that has gzip alone', brotli: false },
  { name: '50 Mbit/s, 20 ms', bytesPerSecond: 50e6 / 8, roundTripMs: 20 },
  { name: '10 Mbit/s, 50 ms', bytesPerSecond: 10e6 / 8, roundTripMs: 50 },
  { name: '2 Mbit/s, 150 ms', bytesPerSecond: 2e6 / 8, roundTripMs: 150 },
];
const MOST_MS = 120_000;

async function once(browser, line) {
  const site = await serve({ brotli: line.brotli });
  const link = line.bytesPerSecond ? await slowLink(site.url, line) : undefined;
  // A context of its own has an empty cache: everyone's first visit.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(MOST_MS);
  try {
    const found = await visit(await context.newPage(), `${(link ?? site).url}#view.engine=cpu`);
    return { ...found, bytes: bytesOf(neededRequests(site)) };
  } finally {
    await context.close();
    await site.close();
    await link?.close();
  }
}

const found = new Map(LINES.map((line) => [line, []]));
const browser = await launch();
try {
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    for (const line of LINES) found.get(line).push(await once(browser, line));
  }
} finally {
  await browser.close();
}

const of = (runs, what) => median(runs.map((run) => run[what]));
const seconds = (runs, what) => (of(runs, what) / 1000).toFixed(1);
const rows = [...found].map(
  ([{ name }, runs]) =>
    `| ${name} | ${of(runs, 'bytes')} | ${seconds(runs, 'histogramMs')} | ${seconds(runs, 'canTrainMs')} | ${seconds(runs, 'firstEpochMs')} |`,
);
writeTable('visit', {
  command: 'make bench-visit',
  how: `Medians of ${REPEATS} first visits in turn.`,
  rows: [
    '| line | bytes before a race | first histogram, s | can train, s | first epoch, s |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ],
});
