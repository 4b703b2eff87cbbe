// What the benchmark's page finds in a browser, given to Node: WebGPU by Dawn, addresses of the site, a document that
// says its lines. Imported before all else.

import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { create, globals } from 'webgpu';

/** The folder that holds `pkg`, `data` and `teachers`, as the site does: that of the bundle. */
const SITE = dirname(fileURLToPath(import.meta.url));

Object.assign(globalThis, globals);
globalThis.window = globalThis;
// The crate asks whose child its global is: a page's, or a worker's.
globalThis.Window = class Window {};
Object.setPrototypeOf(globalThis, globalThis.Window.prototype);
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent: 'Dawn in Node' } });
globalThis.document = { querySelector: () => ({ textContent: '' }) };

const TYPES = { wasm: 'application/wasm' };
const fetchElsewhere = globalThis.fetch;
globalThis.fetch = async (address, options) => {
  if (typeof address !== 'string' || !address.startsWith('/')) return fetchElsewhere(address, options);
  const type = TYPES[address.split('.').at(-1)] ?? 'application/octet-stream';
  return new Response(await readFile(join(SITE, address)), { headers: { 'content-type': type } });
};

// `import('/pkg/…')`, which names a place of the site.
const site = pathToFileURL(`${SITE}/`).href;
const hooks = `export async function resolve(name, context, next) {
  if (!/^\\/pkg\\//.test(name)) return next(name, context);
  return { url: new URL(name.slice(1), ${JSON.stringify(site)}).href, format: 'module', shortCircuit: true };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
