// Serves the finished site on a port of its own, counts the bytes it sends, and can spoil files on the way.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import sirv from 'sirv';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const DIST = join(ROOT, 'dist');

const LATER_DIGITS = /\/(train-[1-9]|test-[1-9])/;

/** The middle byte turned round: the length stays right, the checksum and the gzip stream do not. */
export function flipped(bytes) {
  const spoilt = Buffer.from(bytes);
  spoilt[spoilt.length >> 1] ^= 0xff;
  return spoilt;
}

/** The first half alone. */
export const truncated = (bytes) => bytes.subarray(0, bytes.length >> 1);

/**
 * Serves a folder. `faults` holds `{file, spoil, times}`: the first `times` requests for a file whose name
 * begins with `file` are answered with `spoil(bytes)`, or with 404 where there is no `spoil`.
 * `pages` holds pages of the test's own by their path; `mounts` other folders by their prefix. Without `brotli` it is
 * one of the many hosts that compress by gzip alone.
 * `headers` are sent with every file.
 * What the site does may change while it is open: `deploy(folder)` serves another one from then on, and `health` says how
 * the server is: `well`, `busy` (answers 503), `silent` (takes requests and never answers), `stalled` (sends a beginning
 * and no more), or `portal` (sends everyone to another origin, as networks of hotels do).
 * Paths that match `missing` are not there. With `laterDigits: false` the digits behind the first sheets never come: the page
 * is as it is right after it has opened, and a test of something else is spared the unpacking of 50,000 digits.
 */
export async function serve({
  folder = DIST,
  faults = [],
  pages = {},
  mounts = {},
  brotli = true,
  headers = {},
  laterDigits = true,
} = {}) {
  const setHeaders = (response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  const options = { dev: true, etag: true, brotli, gzip: true, setHeaders };
  const site = { folder, files: sirv(folder, options), health: 'well', missing: null };
  const others = Object.entries(mounts).map(([prefix, at]) => ({ prefix, files: sirv(at, options) }));
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    count(requests, path, request, response);
    if (answerIll(site.health, response)) return;
    if (!laterDigits && LATER_DIGITS.test(path)) return;
    if (site.missing?.test(path)) {
      response.writeHead(404).end();
      return;
    }
    if (path in pages) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(pages[path]);
      return;
    }
    if (answerFault(faults, site.folder, path, response)) return;
    const mount = others.find(({ prefix }) => path.startsWith(`${prefix}/`));
    if (mount) request.url = request.url.slice(mount.prefix.length);
    (mount?.files ?? site.files)(request, response, () => response.writeHead(404).end());
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://localhost:${server.address().port}/`,
    requests,
    set health(state) {
      site.health = state;
    },
    set missing(pattern) {
      site.missing = pattern;
    },
    deploy(other) {
      Object.assign(site, { folder: other, files: sirv(other, options) });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// Counted at the socket, so that headers are in it and workers' requests cannot escape.
function count(requests, path, request, response) {
  const entry = { path, bytes: 0 };
  const before = request.socket.bytesWritten;
  requests.push(entry);
  response.on('close', () => {
    entry.bytes = request.socket.bytesWritten - before;
  });
}

/** The answer of a server or a network that is not well; false where it is. */
function answerIll(health, response) {
  if (health === 'well') return false;
  if (health === 'busy') response.writeHead(503).end('Service Unavailable');
  if (health === 'stalled') response.writeHead(200, { 'Content-Type': 'text/html' }).write('<!doctype html>');
  if (health === 'portal') response.writeHead(302, { Location: 'http://127.0.0.1:9/sign-in' }).end();
  return true;
}

function answerFault(faults, folder, path, response) {
  const name = path.split('/').pop();
  const fault = faults.find(({ file, times }) => times > 0 && name.startsWith(file));
  if (!fault) return false;
  fault.times -= 1;
  if (!fault.spoil) response.writeHead(404).end();
  else response.writeHead(200).end(fault.spoil(readFileSync(join(folder, path))));
  return true;
}
