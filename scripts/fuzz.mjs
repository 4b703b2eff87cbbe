// Tries configs, links and orders of events that nobody would think of, from fresh seeds: `make fuzz MINUTES=30`. Appends a line
// for each part to docs/fuzz.jsonl and writes the table of docs/reliability.md anew from all lines.

import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { whole } from '../bench/options.mjs';

const MINUTES = whole('MINUTES', 1, 1440)(process.env.MINUTES || '30');
const LINES = 'docs/fuzz.jsonl';
const DOC = 'docs/reliability.md';
const MARKS = ['<!-- fuzz:begin -->\n', '<!-- fuzz:end -->'];
/** Walks so many orders a minute: few enough for two cores that are shared. */
function orders(name, share, perMinute, seedName, command) {
  const number = (minutes) => Math.ceil(minutes * perMinute);
  return {
    name,
    share,
    command: (minutes, seed) => [`ORDERS=${number(minutes)} ${seedName}=${seed}`, command],
    count: (_, minutes) => number(minutes),
  };
}

/**
 * Each part gets a share of the time. `command` is told its minutes and a seed; `count` reads from what it printed how many
 * inputs it tried.
 */
const PARTS = [
  {
    name: 'configs (`tests/rust/fuzz.rs`)',
    share: 0.5,
    command: (minutes) => [
      `FUZZ_MINUTES=${minutes}`,
      'cargo test --locked --release --test rust fuzz:: -- --nocapture',
    ],
    count: (text) => /(\d+) configs/.exec(text)?.[1],
  },
  {
    name: 'links in Chromium (`tests/e2e/hashes.test.mjs`)',
    share: 0.2,
    command: (minutes, seed) => [`MINUTES=${minutes} SEED=${seed}`, 'node --test tests/e2e/hashes.test.mjs'],
    count: (text) => /(\d+) hashes from seed/.exec(text)?.[1],
  },
  orders(
    'orders of events on engines without wasm (`www/state/orders.test.ts`)',
    0.15,
    4000,
    'ORDERS_SEED',
    'npx vitest run www/state/orders.test.ts',
  ),
  orders(
    'orders of events in Chromium (`tests/e2e/orders.test.mjs`)',
    0.15,
    15,
    'SEED',
    'node --test tests/e2e/orders.test.mjs',
  ),
];

function run({ name, share, command, count }) {
  const [minutes, seed] = [Number((MINUTES * share).toFixed(2)), Date.now() % 1_000_000_000];
  const line = command(minutes, seed).join(' ');
  console.log(`\n▸ ${line}`);
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', maxBuffer: 1e9 });
  const text = `${stdout}\n${stderr}`;
  console.log(text.trimEnd());
  const inputs = Number(count(text, minutes));
  const seconds = Math.round((performance.now() - begun) / 1000);
  return {
    date: new Date().toISOString().slice(0, 10),
    name,
    command: line,
    inputs,
    seconds,
    passed: status === 0,
  };
}

/** All lines of a part as one row. */
function row(name, lines) {
  const sum = (key) => lines.reduce((total, line) => total + line[key], 0);
  const fell = lines.filter(({ passed }) => !passed).length;
  const dates = lines.map(({ date }) => date).sort();
  return `| ${name} | ${sum('inputs').toLocaleString('en')} | ${sum('seconds').toLocaleString('en')} | ${lines.length} | ${fell} | ${dates.at(-1)} |`;
}

function table() {
  const lines = readFileSync(LINES, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const names = [...new Set(lines.map(({ name }) => name))];
  return [
    '| tried | inputs | seconds | runs | runs with a finding | last |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...names.map((name) =>
      row(
        name,
        lines.filter((line) => line.name === name),
      ),
    ),
    '',
  ].join('\n');
}

let failed = false;
// node scripts/fuzz.mjs configs: that part alone, with its share of the time.
const wanted = process.argv.slice(2);
for (const part of PARTS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
)) {
  const line = run(part);
  failed ||= !line.passed;
  appendFileSync(LINES, `${JSON.stringify(line)}\n`);
  const [before, rest] = readFileSync(DOC, 'utf8').split(MARKS[0]);
  writeFileSync(DOC, `${before}${MARKS[0]}${table()}${MARKS[1]}${rest.split(MARKS[1])[1]}`);
}
process.exitCode = failed ? 1 : 0;
