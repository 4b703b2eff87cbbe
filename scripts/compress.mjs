// Lays compressed copies (.br, .gz) beside the files of a folder, for servers that send them as they
// are: node scripts/compress.mjs FOLDER CACHE. Copies are kept in CACHE by content, since Brotli at its
// best takes half a minute on the larger package.

import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.svg', '.wasm', '.safetensors', '.logits']);
const LEAST_BYTES = 1024;
const KEPT_MS = 30 * 24 * 3600 * 1000;

const brotli = promisify(zlib.brotliCompress);
/** By the program: for the same format it finds 0.7 % more in the packages than Node's zlib does. */
const gzip = (bytes) =>
  new Promise((resolve, reject) => {
    const child = spawn('gzip', ['-9', '-n', '-c'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve(Buffer.concat(parts)) : reject(new Error(`gzip: ${status}`)),
    );
    child.stdin.end(bytes);
  });

/** What makes an encoding, by its ending: what another one made is not taken for its. */
const BY = { br: 'br', gz: 'program.gz' };

const encodings = {
  br: (bytes) =>
    brotli(bytes, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
        [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: gzip,
};

async function compressed(bytes, ending, cache) {
  const path = join(cache, `${createHash('sha256').update(bytes).digest('hex')}.${BY[ending]}`);
  try {
    await utimes(path, new Date(), new Date());
  } catch {
    // Written under another name first: a build that is cut off leaves no half file behind. The name is its
    // own, since two equal files are compressed at the same time.
    const part = `${path}.${randomUUID()}.part`;
    await writeFile(part, await encodings[ending](bytes));
    await rename(part, path);
  }
  return path;
}

async function compressFile(path, cache) {
  if (!COMPRESSIBLE.has(extname(path))) return;
  const bytes = await readFile(path);
  if (bytes.length < LEAST_BYTES) return;
  for (const ending of Object.keys(encodings)) {
    const copy = await compressed(bytes, ending, cache);
    // Already compressed data gains nothing and would cost the reader a decoder's time.
    if ((await stat(copy)).size < 0.95 * bytes.length) await copyFile(copy, `${path}.${ending}`);
  }
}

const [folder, cache] = process.argv.slice(2);
await mkdir(cache, { recursive: true });
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile());
await Promise.all(files.map((entry) => compressFile(join(entry.parentPath, entry.name), cache)));
for (const name of await readdir(cache)) {
  const path = join(cache, name);
  if (Date.now() - (await stat(path)).mtimeMs > KEPT_MS) await rm(path);
}
