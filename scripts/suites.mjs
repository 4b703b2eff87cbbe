// Every check and test there is: its group, its name, the command, and how its runner tells its numbers.

import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'distillery');
const toolchain = readFileSync(join(cache, 'wasm-toolchain.env'), 'utf8');
// Debian's Rust brings no clippy for itself; there the compiler's own warnings have to do.
const lintWasm = /^WASM_KIND=rustup$/m.test(toolchain)
  ? 'scripts/wasm-lint clippy'
  : 'scripts/wasm-lint check';

/** How runners tell their numbers; a run may say it several times. unittest tells all that ran, the others what passed. */
const cargoTest = { passed: /test result: .*? (\d+) passed/g, failed: /test result: .*? (\d+) failed/g };
const vitest = { passed: /^\s*Tests .*?(\d+) passed/gm, failed: /^\s*Tests .*?(\d+) failed/gm };
const nodeTest = { passed: /^(?:ℹ|#) pass (\d+)/gm, failed: /^(?:ℹ|#) fail (\d+)/gm };
const unittest = { ran: /^Ran (\d+) tests?/gm, failed: /^FAILED \((?:failures|errors)=(\d+)/gm };

/** Files that take the longest: one that began last would run alone. */
const LONG = ['frames', 'webgpu', 'lessons', 'recipes', 'offline', 'embed', 'maker'];
const byLength = (a, b) => Number(LONG.includes(b)) - Number(LONG.includes(a));

/**
 * What `make test` keeps of the browsers' suites: it meets a broken part of the page, its numbers, words and links within
 * minutes. It leaves whole lessons, three browsers, a GPU in software, foreign frames and many experiments to `make test-all`.
 */
const KEPT = new Set([
  ...['cpu', 'digests', 'loss-kernel', 'refusals'],
  ...[
    'api',
    'costs',
    'explorer',
    'hashes',
    'histograms',
    'opening',
    'race',
    'settings',
    'words',
    'workbench',
  ],
]);

/** A test that waits for what never comes fails, and does not hold its lane for ever. */
const LONGEST_TEST_MS = 400_000;

/** A suite of each file of a folder, so that they share the lanes evenly. */
const filesOf = (group, folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.test.mjs'))
    .map((file) => file.replace('.test.mjs', ''))
    .sort(byLength)
    .map((name) => ({
      group,
      name,
      wide: !KEPT.has(name),
      command: `node --test --test-timeout=${LONGEST_TEST_MS} ${join(folder, name)}.test.mjs`,
      counts: nodeTest,
    }));

const check = (name, command, more) => ({ group: 'check', name, command, ...more });

/**
 * A suite without `counts` is one check. `wide` ones are `make test-all`'s. Those of `cargo` wait for one another at its
 * lock, so only one takes a lane; the long ones come first.
 */
export const SUITES = [
  {
    group: 'rust',
    name: 'cargo test',
    command: 'cargo test --locked --release --workspace',
    counts: cargoTest,
    cargo: true,
  },
  check('clippy', 'cargo clippy --locked --release --workspace --all-targets -- -D warnings', {
    cargo: true,
  }),
  check('clippy for wasm32, CPU package', `${lintWasm} cpu`, { cargo: true }),
  check('clippy for wasm32, WebGPU package', `${lintWasm} webgpu`, { cargo: true }),
  ...filesOf('browser', 'tests/browser'),
  ...filesOf('e2e', 'tests/e2e'),
  check('rustfmt', 'cargo fmt --all --check'),
  check('svelte-check', 'npm run --silent check'),
  check('biome', 'npm run --silent lint'),
  check('unused code', 'npm run --silent unused'),
  check('dead links', 'node scripts/links.mjs'),
  check('typos', 'scripts/typos'),
  {
    group: 'python',
    name: 'checkpoints',
    command: 'scripts/python -m unittest discover -s tests/python',
    counts: unittest,
  },
  { group: 'unit', name: 'vitest', command: 'npm run --silent test:unit', counts: vitest },
];
