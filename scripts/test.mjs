// Runs checks and tests and adds them up: node scripts/test.mjs [all | GROUP [SUITE…]]; without a word those that are
// not wide.
// All of them run even when one fails, so that one run tells everything. Two run at a time, since most of them keep one
// core busy; what a suite prints comes when it has ended. JOBS=1 runs them one after the other.

import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { SUITES } from './suites.mjs';

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
  const passed = counts.ran ? Math.max(0, sum(plain, counts.ran) - failed) : sum(plain, counts.passed);
  // A runner that fell before it could count has failed at least once.
  return { passed, failed: ok ? failed : Math.max(1, failed) };
}

/** The suites of a group, or those of them that are named. */
function chosen([group, ...names]) {
  if (!group) return SUITES.filter(({ wide }) => !wide);
  if (group === 'all') return SUITES;
  const ofGroup = SUITES.filter((suite) => suite.group === group);
  const found = names.length ? ofGroup.filter(({ name }) => names.includes(name)) : ofGroup;
  const known = ofGroup.length ? ofGroup.map(({ name }) => name) : SUITES.map((suite) => suite.group);
  if (found.length === 0 || found.length < names.length) {
    console.error(
      `There is no suite “${[group, ...names].join(' ')}”; there are: ${[...new Set(known)].join(', ')}`,
    );
    process.exit(2);
  }
  return found;
}

const waiting = [...chosen(process.argv.slice(2))];
const total = { passed: 0, failed: 0 };
const fell = [];
let cargoIsBusy = false;

async function judge(suite) {
  const title = `${suite.group}: ${suite.name}`;
  const started = Date.now();
  const result = await run(suite.command);
  const { passed, failed } = count(suite, result);
  total.passed += passed;
  total.failed += failed;
  if (!result.ok) fell.push(title);
  console.log(`\x1b[1m▸ Testing: ${title}\x1b[0m\n${result.text.trimEnd()}`);
  const took = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`  ${title}: ${result.ok ? 'passed' : 'FAILED'} in ${took} s`);
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
