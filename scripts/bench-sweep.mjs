// How much faster a sweep is on two engines than on one, in the page and on the command line: `make bench-sweep`.
// Both take turns with the same cells, whose records must be the same. Writes the table of docs/performance.md.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { median } from '../bench/numbers.mjs';
import { whole } from '../bench/options.mjs';
import { kept } from '../tests/e2e/support/page.mjs';
import { serve } from '../tests/e2e/support/site.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';
import { writeTable } from './table.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const REPEATS = whole('REPEATS', 1, 100)(process.env.REPEATS || '3');
const ENGINES = [1, 2];
/** The first race at eight temperatures: long enough that opening the engines is little of it. */
const TEMPERATURES = [1, 2, 3, 4, 6, 8, 12, 16];
const FIELD = 'models.student.objective.temperature';

const digestsOf = (lines) => lines.map(({ record }) => record.digest).toSorted();
const inTurn = async (measure) => {
  const found = new Map(ENGINES.map((engines) => [engines, []]));
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const order = repeat % 2 === 0 ? ENGINES : ENGINES.toReversed();
    for (const engines of order) found.get(engines).push(await measure(engines));
  }
  return found;
};

async function inPage() {
  const site = await serve();
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}#view.engine=cpu`);
    await page.waitForFunction(() => window.distillery);
    await page.evaluate(() => window.distillery.ready);
    // Everything has come once and lies in the browser's cache, as for a visitor who looked at the page first.
    await kept(page);
    const config = JSON.parse(
      spawnSync('build/distillery', ['recipes', 'first-race'], { cwd: ROOT, encoding: 'utf8' }).stdout,
    );
    const grid = {
      config: {
        ...config,
        data: { ...config.data, evaluate_on: 'validation' },
      },
      fields: { [FIELD]: TEMPERATURES },
      seeds: 1,
    };
    return await inTurn((engines) =>
      page.evaluate(
        async ([grid, engines]) => {
          const frames = [];
          let last = performance.now();
          let asked = requestAnimationFrame(function frame(now) {
            frames.push(now - last);
            last = now;
            asked = requestAnimationFrame(frame);
          });
          let bytes = 0;
          const look = setInterval(() => {
            bytes = Math.max(bytes, Number(document.querySelector('[data-sweep]').dataset.memory));
          }, 100);
          const begun = performance.now();
          const lines = await window.distillery.sweep(grid, engines);
          const ms = performance.now() - begun;
          cancelAnimationFrame(asked);
          clearInterval(look);
          return { ms, lines, bytes, frames: frames.slice(1) };
        },
        [grid, engines],
      ),
    );
  } finally {
    await browser.close();
    await site.close();
  }
}

function onCommandLine() {
  const folder = mkdtempSync(join(os.tmpdir(), 'distillery-bench-'));
  const sets = ['--set', `${FIELD}=${TEMPERATURES}`];
  let runs = 0;
  return inTurn((jobs) => {
    runs += 1;
    const out = join(folder, `${runs}.jsonl`);
    const begun = performance.now();
    const { status, stderr } = spawnSync(
      'build/distillery',
      ['sweep', '--recipe', 'first-race', ...sets, '--jobs', String(jobs), '--out', out],
      { cwd: ROOT, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const ms = performance.now() - begun;
    const lines = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { ms, lines };
  }).finally(() => rmSync(folder, { recursive: true }));
}

function sameRecords(found) {
  const digests = [...found.values()].flat().map(({ lines }) => digestsOf(lines).join());
  if (new Set(digests).size !== 1) throw new Error('one engine and two come to different records');
}

const seconds = (found, engines) => median(found.get(engines).map(({ ms }) => ms)) / 1000;
const row = (name, found, more) => {
  const [one, two] = ENGINES.map((engines) => seconds(found, engines));
  return `| ${name} | ${one.toFixed(1)} | ${two.toFixed(1)} | ${(one / two).toFixed(2)} | ${more} |`;
};

const page = await inPage();
const cli = await onCommandLine();
for (const found of [page, cli]) sameRecords(found);
const two = page.get(2);
const frames = two.flatMap((run) => run.frames).toSorted((a, b) => a - b);
const rate = 1000 / (frames.reduce((sum, ms) => sum + ms, 0) / frames.length);
const late = frames.filter((ms) => ms > 1.5 * (1000 / 60)).length / frames.length;
const megabytes = Math.max(...two.map(({ bytes }) => bytes)) / 2e6;
writeTable('sweep', {
  command: 'make bench-sweep',
  how: `${TEMPERATURES.length} races; medians of ${REPEATS} runs in turn, whose records are the same.`,
  rows: [
    '| sweep | one engine, s | two, s | throughput of two | besides |',
    '| --- | ---: | ---: | ---: | --- |',
    row(
      'in the page',
      page,
      `${rate.toFixed(1)} frames a second with two, ${(100 * late).toFixed(1)} % of them late (over 25 ms), the longest ${frames.at(-1).toFixed(0)} ms; ${megabytes.toFixed(0)} MB of WebAssembly memory an engine`,
    ),
    row('on the command line', cli, '`--jobs 1` and `--jobs 2`'),
  ],
});
