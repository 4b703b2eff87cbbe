// Walks lessons from end to end in Chromium, with their own races: `make walk-lessons`, `make walk-lessons LESSON=inside LANGUAGE=zh`.
// A walk that was made is remembered in build/walked until the lesson, or the trainer, is another; so one can go on where one was.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deedsOf } from '../tests/e2e/support/deeds.mjs';
import * as lab from '../tests/e2e/support/page.mjs';
import { ROOT, serve } from '../tests/e2e/support/site.mjs';
import { withPage } from '../tests/e2e/support/visits.mjs';
import { LESSONS, openLesson, readLesson, walk } from '../tests/e2e/support/walk.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';

const WALKED = join(ROOT, 'build/walked');
/** What a visitor waits for at most, on two cores that do nothing else. */
const LONGEST_WALK_MS = 15 * 60_000;

const chosen = (value, all, what) => {
  if (!value) return all;
  if (all.includes(value)) return [value];
  console.error(`unknown ${what} ${value}; expected one of ${all.join(', ')}`);
  process.exit(2);
};
const names = chosen(process.env.LESSON, LESSONS, 'lesson');
const languages = chosen(process.env.LANGUAGE, ['en', 'zh'], 'language');

/** Differs when the lesson or what it trains with does. */
function versionOf(name) {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(readLesson(name)));
  hash.update(readFileSync(join(ROOT, 'pkg/cpu/distillery_bg.wasm')));
  return hash.digest('hex');
}

const site = await serve();
const browser = await launch();
let failed = 0;
mkdirSync(WALKED, { recursive: true });
for (const name of names) {
  for (const language of languages) {
    const mark = join(WALKED, `${name}-${language}`);
    const version = versionOf(name);
    if (existsSync(mark) && readFileSync(mark, 'utf8') === version) {
      console.log(`✓ ${name}, ${language}: walked before`);
      continue;
    }
    const told = (line) => console.log(`    ${line}`);
    console.log(`▸ ${name}, ${language}`);
    try {
      await withPage(browser, { name: `walk-${name}-${language}` }, async (page) => {
        page.context().setDefaultTimeout(LONGEST_WALK_MS);
        await openLesson(page, site, name, language);
        const race = (on) => lab.race(on, LONGEST_WALK_MS);
        const compared = await walk(page, name, language, { deeds: deedsOf(name, race), told });
        console.log(`✓ ${name}, ${language}: ${compared} numbers worked out anew`);
      });
      writeFileSync(mark, version);
    } catch (error) {
      failed += 1;
      console.error(`✗ ${name}, ${language}: ${error.stack ?? error}`);
    }
  }
}
await browser.close();
await site.close();
process.exitCode = failed === 0 ? 0 : 1;
