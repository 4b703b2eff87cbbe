// The benchmark's part on WebGPU without a browser, in Node with Dawn: for machines that have a GPU and no Chromium.
// node scripts/bench-dawn.mjs, or `make bench-dawn`. Options are those of `make bench`. Prints; writes no document.

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { netOf } from '../bench/networks.mjs';
import { optionsOf, optionsOrEnd } from '../bench/options.mjs';
import { gpuSection, hasMismatch } from '../bench/report.mjs';
import { BENCH_CHECK, BENCH_SITE } from './bench-settings.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'build/bench-dawn');

const options = optionsOrEnd(optionsOf);

rmSync(OUT, { recursive: true, force: true });
await build({
  root: join(ROOT, 'bench'),
  configFile: false,
  logLevel: 'error',
  ssr: { target: 'node', noExternal: true },
  build: {
    ssr: 'dawn/run.mjs',
    outDir: OUT,
    target: 'es2023',
    rollupOptions: {
      external: ['webgpu', /^\/pkg/],
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
const site = { ...BENCH_SITE, '/node_modules/webgpu': 'bench/node_modules/webgpu' };
mkdirSync(join(OUT, 'node_modules'));
for (const [name, folder] of Object.entries(site)) symlinkSync(join(ROOT, folder), join(OUT, name));

const asked = {
  backend: 'webgpu',
  isEmulated: options.ADAPTER === 'swiftshader',
  nets: options.GPU_WIDTHS.map(netOf),
  batch: options.BATCH,
  engines: options.ENGINES,
  terms: false,
  repeats: options.REPEATS,
  ...BENCH_CHECK,
  segmentMs: 400,
  leastSteps: 3,
};
const { stdout, status } = spawnSync(process.execPath, ['run.mjs', JSON.stringify(asked)], {
  cwd: OUT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 2 ** 28,
});
if (status !== 0) process.exit(1);
const said = (kind) =>
  JSON.parse(
    stdout
      .split('\n')
      .find((line) => line.startsWith(`${kind} `))
      .slice(kind.length),
  );
console.log(JSON.stringify(said('agreement'), null, 1));
const run = { ...said('result'), settings: asked, tolerance: asked.tolerance };
console.log(gpuSection(run, options.ENGINES, asked.checkSteps));
if (hasMismatch({ runs: [run] })) process.exitCode = 1;
