// Sets Distillery beside other engines in Chromium: node scripts/bench.mjs, or `make bench`. Options are environment
// variables (bench/options.mjs, bench/README.md). Writes bench/results/ and docs/performance.md.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import { join, resolve } from 'node:path';
import sirv from 'sirv';
import { build } from 'vite';
import { netOf } from '../bench/networks.mjs';
import { optionsOf, optionsOrEnd } from '../bench/options.mjs';
import { hasMismatch, markdown, replaced } from '../bench/report.mjs';
import { launch } from '../tests/support/browsers/chromium.mjs';
import { BENCH_CHECK, BENCH_SITE } from './bench-settings.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const at = (path) => join(ROOT, path);
const PAGE = at('build/bench');
const DOCUMENT = 'docs/performance.md';

/** A segment is about so long and has at least so many steps. SwiftShader is slow, and only its counts mean something. */
const SEGMENT = {
  cpu: { segmentMs: 400, leastSteps: 1 },
  webgpu: { segmentMs: 400, leastSteps: 3 },
};
const SWIFTSHADER_REPEATS = 2;
const HARDWARE_ARGS = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist'];

const MOUNTS = {
  ...BENCH_SITE,
  '/tfjs-wasm': 'bench/node_modules/@tensorflow/tfjs-backend-wasm/dist',
};

/** `isolated`: with the headers that give a page threads with shared memory. */
async function serve(isolated) {
  const setHeaders = (response) => {
    if (!isolated) return;
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  };
  const folders = Object.entries(MOUNTS).map(([prefix, path]) => ({
    prefix,
    files: sirv(at(path), { dev: true, setHeaders }),
  }));
  const page = sirv(PAGE, { dev: true, setHeaders });
  const server = createServer((request, response) => {
    const mount = folders.find(({ prefix }) => request.url.startsWith(`${prefix}/`));
    if (mount) request.url = request.url.slice(mount.prefix.length);
    (mount?.files ?? page)(request, response, () => response.writeHead(404).end());
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () => server.closeAllConnections() || server.close(),
  };
}

async function bundle() {
  await build({
    root: at('bench'),
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir: PAGE, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 10_000 },
  });
}

function settings(backend, options) {
  const isEmulated = backend === 'webgpu' && options.ADAPTER === 'swiftshader';
  return {
    backend,
    isEmulated,
    nets: options[backend === 'webgpu' ? 'GPU_WIDTHS' : 'WIDTHS'].map(netOf),
    batch: options.BATCH,
    engines: options.ENGINES,
    terms: backend === 'cpu' && options.TERMS === 'yes',
    repeats: isEmulated ? Math.min(SWIFTSHADER_REPEATS, options.REPEATS) : options.REPEATS,
    ...BENCH_CHECK,
    ...SEGMENT[backend],
  };
}

async function runOn(browser, url, backend, options) {
  const page = await browser.newPage();
  page.on('console', (message) => {
    if (message.text().startsWith('bench: ')) console.log(`  ${message.text().slice(7)}`);
    else if (message.type() === 'error') console.error(`  the page: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`  the page: ${error}`));
  try {
    await page.goto(url);
    await page.waitForFunction(() => window.bench !== undefined);
    const asked = settings(backend, options);
    const run = await page.evaluate((wanted) => window.bench.run(wanted), asked);
    return { ...run, tolerance: BENCH_CHECK.tolerance, settings: asked };
  } finally {
    await page.close();
  }
}

function machine(browser) {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? os.arch(),
    cores: os.cpus().length,
    memoryGib: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    browser: `Chromium ${browser.version()}`,
  };
}

/** The command that does the same again: only what differs from the defaults. */
function command(options) {
  const presets = optionsOf({});
  const text = (value) => [value].flat().join(' ');
  const said = Object.entries(options).filter(([name, value]) => text(value) !== text(presets[name]));
  return ['make bench', ...said.map(([name, value]) => `${name}="${text(value)}"`)].join(' ');
}

const options = optionsOrEnd(optionsOf);
await bundle();
const server = await serve(options.ISOLATED === 'yes');
const runs = [];
let about;
try {
  for (const backend of options.BACKENDS) {
    const isHardware = backend === 'webgpu' && options.ADAPTER === 'hardware';
    const browser = await launch({
      webgpu: backend === 'webgpu',
      ...(isHardware && { gpuArgs: HARDWARE_ARGS }),
    });
    try {
      about ??= machine(browser);
      runs.push(await runOn(browser, server.url, backend, options));
    } finally {
      await browser.close();
    }
  }
} finally {
  server.close();
}

const date = new Date().toISOString().slice(0, 10);
const file = `bench/results/${date}.json`;
const peers = JSON.parse(readFileSync(at('bench/package.json'), 'utf8')).dependencies;
const versions = { distillery: runs[0].version, ...peers };
const result = {
  date,
  command: command(options),
  file,
  checkSteps: BENCH_CHECK.checkSteps,
  machine: about,
  versions,
  options,
  runs,
};
const text = markdown(result);
console.log(`\n${text}\n`);
if (options.DOC === 'yes') {
  mkdirSync(at('bench/results'), { recursive: true });
  writeFileSync(at(file), `${JSON.stringify(result, null, 1)}\n`);
  writeFileSync(at(DOCUMENT), replaced(readFileSync(at(DOCUMENT), 'utf8'), text));
  console.log(`Written: ${file}, ${DOCUMENT}`);
}
if (hasMismatch(result)) {
  console.error('An engine reached another loss than the others: see above.');
  process.exitCode = 1;
}
