// The page while it is being written: Vite's development server, and the CPU engine made anew when Rust is saved.
// node scripts/dev.mjs [PORT]; Ctrl+C ends all of it.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createServer } from 'vite';
import { devPackages } from './page/dev-packages.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const RUST = ['src', 'kernels'].map((folder) => resolve(ROOT, folder));
/** An editor that saves several files at once gets one package. */
const SETTLE_MS = 100;

/** Makes the package; true where it compiled. What the compiler says is seen as it comes. */
function compile() {
  const child = spawn('scripts/wasm-dev-package', { cwd: ROOT, stdio: 'inherit' });
  return new Promise((done) => child.on('close', (status) => done(status === 0)));
}

const port = Number(process.argv[2] ?? process.env.PORT ?? 5173);
const server = await createServer({ root: ROOT, server: { port }, plugins: [devPackages(ROOT)] });

let isCompiling = false;
let isStale = false;
async function renew() {
  isStale = true;
  if (isCompiling) return;
  isCompiling = true;
  while (isStale) {
    isStale = false;
    const begun = performance.now();
    if (!(await compile())) continue;
    console.log(`The engine is new after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    const { moduleGraph, hot } = server.environments.client;
    moduleGraph.invalidateAll();
    hot.send({ type: 'full-reload' });
  }
  isCompiling = false;
}

let timer;
server.watcher.add(RUST);
server.watcher.on('all', (_event, path) => {
  if (!RUST.some((folder) => path.startsWith(folder)) || !/\.(rs|json|toml|wgsl)$/.test(path)) return;
  clearTimeout(timer);
  timer = setTimeout(renew, SETTLE_MS);
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => server.close().then(() => process.exit()));
// The page is not worth a visit before there is an engine; without one the compiler has said why.
await renew();
await server.listen();
console.log(`Distillery is at http://localhost:${server.config.server.port}/  (Ctrl+C ends it)`);
