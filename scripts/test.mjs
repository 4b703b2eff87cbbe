// Runs every check and test of the project and adds them up: node scripts/test.mjs [NAME…].
// All of them run even when one fails, so that one run tells everything.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

// A suite without `counts` is one check.
const suites = [
  { name: 'rustfmt', command: 'cargo fmt --all --check' },
  { name: 'clippy', command: 'cargo clippy --locked --release --workspace --all-targets -- -D warnings' },
  { name: 'clippy for wasm32, CPU package', command: lintWasm },
  { name: 'clippy for wasm32, WebGPU package', command: `${lintWasm} webgpu` },
  { name: 'svelte-check', command: 'npm run --silent check' },
  { name: 'biome', command: 'npm run --silent lint' },
  { name: 'Rust tests', command: 'cargo test --locked --release --workspace', counts: cargoTest },
  {
    name: 'checkpoints in Python',
    command: 'scripts/python -m unittest discover -s tests/python',
    counts: unittest,
  },
  { name: 'unit tests of the page', command: 'npm run --silent test:unit', counts: vitest },
  { name: 'numbers in a browser', command: 'npm run --silent test:browser', counts: nodeTest },
  { name: 'the page end to end', command: 'npm run --silent test:e2e', counts: nodeTest },
];

function run(command) {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const [stream, out] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8');
      stream.on('data', (part) => {
        text += part;
        out.write(part);
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
const total = { passed: 0, failed: 0 };
const fell = [];
for (const suite of chosen) {
  console.log(`\x1b[1m▸ Testing: ${suite.name}\x1b[0m`);
  const started = Date.now();
  const result = await run(suite.command);
  const { passed, failed } = count(suite, result);
  total.passed += passed;
  total.failed += failed;
  if (!result.ok) fell.push(suite.name);
  console.log(
    `  ${suite.name}: ${result.ok ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
}
if (fell.length) console.log(`Failed: ${fell.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = fell.length || total.failed ? 1 : 0;
