/** Files with a digest in their path: whatever version they belong to, what lies at such an address never changes. */

import { HOME } from './scope';

/** One for each place on an origin: on GitHub Pages several pages share it. */
export const CACHE = `distillery ${HOME}`;

/** What a build names so: assets by Vite, sheets by `distillery pack`, the rest by `scripts/page/digest-folders.mjs`. */
const DIGEST_IN_PATH =
  /^(assets\/[^/]+-[\w-]{8}\.\w+|data\/[^/]+\.[0-9a-f]{8}\.digits|(data|teachers)\/[0-9a-f]{16}\/[^/]+)$/;

export function hasDigest(address: string): boolean {
  return address.startsWith(HOME) && DIGEST_IN_PATH.test(address.slice(HOME.length));
}

/** A kept copy, in whichever cache of this origin it lies. */
export function keptFile(address: string): Promise<Response | undefined> {
  // The encoding a copy came in was undone when it was kept.
  return caches.match(address, { ignoreVary: true });
}

/** Keeps a file that came. Rejects where there is no room for it, or where it breaks off. */
export async function keepFile(address: string, response: Response): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(address, response);
}

/** Keeps a file that is not kept. Rejects where it cannot be had or held. */
export async function ensureFile(address: string, signal: AbortSignal): Promise<void> {
  if (await keptFile(address)) return;
  // The browser may just have had it: nothing crosses the wire twice where its own cache still holds it.
  let response = await fetch(address, { cache: 'force-cache', signal });
  // It holds refusals too: the file may have come to the server since.
  if (!response.ok) response = await fetch(address, { cache: 'reload', signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  await keepFile(address, response);
}
