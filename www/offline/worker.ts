/**
 * The service worker: what a visit used is kept, and given out when the network does not answer. The network is always
 * asked first, so that a new build is seen at once and is never mixed with an old one.
 */

import type { Keep } from './messages';

/** What of a service worker's world is used here; its types cannot stand beside those of a page. */
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Asked extends WorkerEvent {
  readonly data: Keep;
  readonly ports: readonly MessagePort[];
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listen: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', listen: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listen: (event: Asked) => void): void;
}

const scope = self as unknown as Scope;
const CACHE = 'distillery';

async function answered(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (thrown) {
    const cache = await caches.open(CACHE);
    // The encoding a copy came in was undone when it was kept.
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw thrown;
  }
}

/** Keeps these, and nothing else. */
async function keep(addresses: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const address of addresses) {
    // The browser has just had it: nothing crosses the wire twice where its own cache still holds it.
    const response = await fetch(address, { cache: 'force-cache' });
    if (response.ok) await cache.put(address, response);
  }
  const wanted = new Set(addresses);
  const kept = await cache.keys();
  await Promise.all(kept.filter(({ url }) => !wanted.has(url)).map((request) => cache.delete(request)));
}

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(scope.registration.scope))
    event.respondWith(answered(event.request));
});
scope.addEventListener('message', (event) => {
  const done = keep(event.data.keep).then(
    () => true,
    () => false,
  );
  event.waitUntil(done.then((ok) => event.ports[0]?.postMessage(ok)));
});
