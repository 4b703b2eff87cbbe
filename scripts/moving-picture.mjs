// The moving picture of the README, docs/race.gif: the race that opens first, from Start to its verdict. `make picture`.

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ready } from '../tests/e2e/support/page.mjs';
import { serve } from '../tests/e2e/support/site.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';
import { ROOT } from './pack.mjs';

const require = createRequire(join(ROOT, 'site/package.json'));
const { GIFEncoder, quantize, applyPalette } = require('gifenc');
const { PNG } = require('pngjs');

const VIEW = { width: 960, height: 600 };
const EVERY_MS = 400;
const FRAME_MS = 120;
const LAST_MS = 4000;
const MOST_MS = 300_000;
// One of them is left for what does not change.
const COLOURS = 63;

const isSame = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

/** Pictures of the race, as they were seen; one that looks like the one before is left out. */
async function film(page) {
  const pictures = [];
  const take = async () => {
    const { data } = PNG.sync.read(await page.screenshot());
    const pixels = Uint8Array.from(data);
    if (pictures.length === 0 || !isSame(pixels, pictures.at(-1))) pictures.push(pixels);
  };
  await page.locator('#race').evaluate((race) => race.scrollIntoView());
  await take();
  await page.click('[data-action="start"]');
  const verdict = page.locator('[data-verdict]:not([data-verdict="none"])');
  while ((await verdict.count()) === 0) {
    await take();
    await page.waitForTimeout(EVERY_MS);
  }
  await page.waitForTimeout(1000);
  await take();
  return pictures;
}

/** A picture in which whatever is as it was is left out. */
function changed(index, pixels, before, same) {
  const words = [pixels, before].map(({ buffer }) => new Uint32Array(buffer));
  return index.map((colour, at) => (words[0][at] === words[1][at] ? same : colour));
}

const site = await serve({});
const browser = await launch();
try {
  const context = await browser.newContext({ viewport: VIEW });
  context.setDefaultTimeout(MOST_MS);
  const page = await context.newPage();
  await page.goto(`${site.url}#view.engine=cpu&view.lang=en&view.theme=light`);
  await ready(page);
  const pictures = await film(page);
  const gif = GIFEncoder();
  // One palette for all: colours do not flicker, and a frame needs none of its own.
  const palette = quantize(pictures.at(-1), COLOURS);
  const same = palette.length;
  for (const [at, pixels] of pictures.entries()) {
    const index = applyPalette(pixels, palette);
    const delay = at === pictures.length - 1 ? LAST_MS : FRAME_MS;
    const first = { palette: [...palette, [0, 0, 0]], delay };
    const later = { transparent: true, transparentIndex: same, dispose: 1, delay };
    gif.writeFrame(
      at === 0 ? index : changed(index, pixels, pictures[at - 1], same),
      VIEW.width,
      VIEW.height,
      at === 0 ? first : later,
    );
  }
  gif.finish();
  writeFileSync(join(ROOT, 'docs/race.gif'), gif.bytes());
  console.log(`docs/race.gif: ${pictures.length} pictures, ${gif.bytes().length} bytes`);
} finally {
  await browser.close();
  await site.close();
}
