// Trains race after race in one page and watches what that holds: `make watch-memory MINUTES=30`, on Linux. Fails when the
// races of the second half hold more than those of the first.

import { readFileSync } from 'node:fs';
import { whole } from '../bench/options.mjs';
import { open, race } from '../tests/e2e/support/page.mjs';
import { serve } from '../tests/e2e/support/site.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';

const MINUTES = whole('MINUTES', 1, 1440)(process.env.MINUTES || '30');
/** Room for what has been let go of and not yet been given back. */
const GROWTH = 1.1;
const PAGE_BYTES = 4096;
const KINDS = ['resident', 'heap', 'nodes'];

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes of memory that the browser's page processes hold, WebAssembly's among them. */
async function residentBytes(browserSession) {
  const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  const sizes = pages.map(({ id }) => Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1]));
  return PAGE_BYTES * sizes.reduce((sum, size) => sum + size, 0);
}

async function watch(browser, url) {
  const page = await browser.newPage();
  const [session, whole] = [await page.context().newCDPSession(page), await browser.newBrowserCDPSession()];
  await open(page, { url }, '#view.engine=cpu');
  const found = [];
  const begun = performance.now();
  const minutes = () => (performance.now() - begun) / 60_000;
  while (minutes() < MINUTES) {
    await race(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize: heap } = await session.send('Runtime.getHeapUsage');
    const { nodes } = await session.send('Memory.getDOMCounters');
    const resident = await residentBytes(whole);
    found.push({ resident, heap, nodes });
    console.log(
      `${minutes().toFixed(1)} min, ${found.length} races: ${megabytes(resident)} resident, ${megabytes(heap)} of it the page's objects, ${nodes} nodes`,
    );
  }
  return found;
}

const site = await serve();
const browser = await launch();
try {
  // The first race makes what the others use again.
  const later = (await watch(browser, site.url)).slice(1);
  const halves = [later.slice(0, later.length >> 1), later.slice(later.length >> 1)];
  for (const kind of KINDS) {
    const [first, second] = halves.map((half) => Math.max(...half.map((one) => one[kind])));
    if (second > GROWTH * first) {
      console.error(`${kind} grows: at most ${first} in the first half, ${second} in the second`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await site.close();
}
