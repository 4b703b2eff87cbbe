// Runs every check and test of the project and adds them up: node scripts/test.mjs [NAME…].
// All of them run even when one fails, so that one run tells everything. Two run at a time, since most of them keep one
// core busy; what a suite prints comes when it has ended. JOBS=1 runs them one after the other.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'distillery');
const toolchain = readFileSync(join(cache, 'wasm-toolchain.env'), 'utf8');
// Debian's Rust brings no clippy for itself; there the compiler's own warnings have to do.
const lintWasm = /^WASM_KIND=rustup$/m.test(toolchain)
  ? 'scripts/wasm-lint clippy'
  : 'scripts/wasm-lint check';

/** How runners tell their numbers; a run may say it several times. */
const cargoTest = { passed: /test result: .*? (\d+) passed/g, failed: /test result: .*? (\d+) failed/g };
const vitest = { passed: /^\s*Tests .*?(\d+) passed/gm, failed: /^\s*Tests .*?(\d+) failed/gm };
const nodeTest = { passed: /^(?:ℹ|#) pass (\d+)/gm, failed: /^(?:ℹ|#) fail (\d+)/gm };
const unittest = { passed: /^Ran (\d+) tests?/gm, failed: /^FAILED \((?:failures|errors)=(\d+)/gm };

/** Files that take the longest: one that began last would run alone. */
const LONG = ['frames.test.mjs', 'webgpu.test.mjs', 'versions.test.mjs', 'at-once.test.mjs'];
const byLength = (a, b) => Number(LONG.includes(b)) - Number(LONG.includes(a));

/** A suite of each file of a folder, so that they share the lanes evenly. */
const browserSuites = (name, folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.test.mjs'))
    .sort(byLength)
    .map((file) => ({
      name: `${name}: ${file.replace('.test.mjs', '')}`,
      command: `node --test ${join(folder, file)}`,
      counts: nodeTest,
    }));

// A suite without `counts` is one check. Those of cargo wait for one another at its lock, so only one takes a lane;
// the long ones come first.
const suites = [
  {
    name: 'Rust tests',
    command: 'cargo test --locked --release --workspace',
    counts: cargoTest,
    cargo: true,
  },
  {
    name: 'clippy',
    command: 'cargo clippy --locked --release --workspace --all-targets -- -D warnings',
    cargo: true,
  },
  { name: 'clippy for wasm32, CPU package', command: `${lintWasm} cpu`, cargo: true },
  { name: 'clippy for wasm32, WebGPU package', command: `${lintWasm} webgpu`, cargo: true },
  ...browserSuites('numbers in a browser', 'tests/browser'),
  ...browserSuites('the page end to end', 'tests/e2e'),
  { name: 'rustfmt', command: 'cargo fmt --all --check' },
  { name: 'svelte-check', command: 'npm run --silent check' },
  { name: 'biome', command: 'npm run --silent lint' },
  {
    name: 'checkpoints in Python',
    command: 'scripts/python -m unittest discover -s tests/python',
    counts: unittest,
  },
  { name: 'unit tests of the page', command: 'npm run --silent test:unit', counts: vitest },
];

function run(command) {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (part) => {
        text += part;
      });
    }
    child.on('close', (status) => resolve({ ok: status === 0, text }));
  });
}

function sum(text, pattern) {
  return [...text.matchAll(pattern)].reduce((total, found) => total + Number(found[1]), 0);
}

function count({ counts }, { ok, text }) {
  if (!counts) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
  const plain = stripVTControlCharacters(text);
  const failed = sum(plain, counts.failed);
  const ran = sum(plain, counts.passed);
  // unittest counts all that ran, the others those that passed.
  const passed = counts === unittest ? Math.max(0, ran - failed) : ran;
  // A runner that fell before it could count has failed at least once.
  return { passed, failed: ok ? failed : Math.max(1, failed) };
}

const wanted = process.argv.slice(2);
const chosen = wanted.length
  ? suites.filter(({ name }) => wanted.some((word) => name.includes(word)))
  : suites;
const waiting = [...chosen];
const total = { passed: 0, failed: 0 };
const fell = [];
let cargoIsBusy = false;

async function judge(suite) {
  const started = Date.now();
  const result = await run(suite.command);
  const { passed, failed } = count(suite, result);
  total.passed += passed;
  total.failed += failed;
  if (!result.ok) fell.push(suite.name);
  console.log(`\x1b[1m▸ Testing: ${suite.name}\x1b[0m\n${result.text.trimEnd()}`);
  const took = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`  ${suite.name}: ${result.ok ? 'passed' : 'FAILED'} in ${took} s`);
}

async function lane() {
  for (;;) {
    const next = waiting.findIndex(({ cargo }) => !(cargo && cargoIsBusy));
    // What is left is cargo's, and the other lane is on it.
    if (next < 0) return;
    const [suite] = waiting.splice(next, 1);
    if (suite.cargo) cargoIsBusy = true;
    await judge(suite);
    if (suite.cargo) cargoIsBusy = false;
  }
}

await Promise.all(Array.from({ length: Number(process.env.JOBS || 2) }, lane));
if (fell.length) console.log(`Failed: ${fell.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = fell.length || total.failed ? 1 : 0;
