// Serves the finished site: node scripts/serve.mjs [FOLDER] [PORT]. Takes the next free port when the
// wished one is taken, and prints the address. Compressed copies are sent where a browser takes them.

import { createServer } from 'node:http';
import sirv from 'sirv';

const folder = process.argv[2] ?? 'dist';
const wished = Number(process.argv[3] ?? process.env.PORT ?? 8137);
const PORTS_TRIED = 50;

// `dev`: the folder is read anew for every request, so that a build meanwhile is seen at once.
const files = sirv(folder, {
  dev: true,
  etag: true,
  brotli: true,
  gzip: true,
  setHeaders: (response, path) => {
    response.setHeader('Vary', 'Accept-Encoding');
    if (/\.(digits|safetensors)$/.test(path)) response.setHeader('Content-Type', 'application/octet-stream');
  },
});

function listen(port) {
  const server = createServer((request, response) => files(request, response));
  server.once('error', (error) => {
    if (error.code !== 'EADDRINUSE' || port >= wished + PORTS_TRIED) throw error;
    listen(port + 1);
  });
  server.listen(port, '127.0.0.1', () => {
    console.log(`Distillery is at http://localhost:${port}/  (Ctrl+C ends it)`);
  });
}

listen(wished);
