/**
 * The service worker: what a visit used is kept as one version of the page. The page itself is asked of the network, which
 * has a moment to answer; files with a digest in their path come from what is kept.
 */

import { ensureFile, hasDigest, keepFile, keptFile } from './files';
import type { Keep, Kept } from './messages';
import { asResponse, fetchPage, isPage, type Page } from './pages';
import { type Asked, type FetchEvent, HOME, scope } from './scope';
import { finish, keepPage, keptPage, newestPage, note, prune } from './versions';

/** A visitor waits for the network no longer than this while there is a page to show. */
const PATIENCE_MS = 3000;
/** A request that has not ended by then has failed. */
const DEADLINE_MS = 60_000;

const deadline = (): AbortSignal => AbortSignal.timeout(DEADLINE_MS);

/** A page of another version is given out only once everything is here that it cannot open without. */
async function freshPage(address: string, kept: Page): Promise<Page> {
  const fresh = await fetchPage(address, 'no-cache', deadline());
  if (fresh.version === null || fresh.version === kept.version) return fresh;
  await Promise.all(fresh.files.map((file) => ensureFile(file, deadline())));
  await keepPage(fresh.version, fresh.html);
  return fresh;
}

async function answerPage(event: FetchEvent, kept: Promise<Page | null>): Promise<Response> {
  const page = await kept.catch(() => null);
  if (!page) return fetch(event.request);
  const fresh = freshPage(event.request.url, page);
  // Goes on behind a kept page, so that the next visit finds the new one ready.
  event.waitUntil(fresh.catch(() => undefined));
  const patience = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return asResponse((await Promise.race([fresh, patience]).catch(() => null)) ?? page);
}

async function answerFile(event: FetchEvent): Promise<Response> {
  const { request } = event;
  // Asked for past the cache, because what came before was damaged: a kept copy may be that very one.
  const past = request.cache === 'reload' || request.cache === 'no-store' || request.cache === 'no-cache';
  const kept = past ? undefined : await keptFile(request.url).catch(() => undefined);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) event.waitUntil(keepLater(request.url, response.clone()));
  return response;
}

/** Keeps a file that a visit turns out to need; where there is no room it goes without. */
async function keepLater(address: string, response: Response): Promise<void> {
  try {
    await keepFile(address, response);
    await note(address);
  } catch {
    // The page that asked has the file; `keep` tells it whether a next visit will.
  }
}

async function keep({ version, page, files }: Keep['keep'], client: string): Promise<Kept> {
  try {
    for (const file of files) await ensureFile(file, deadline());
    if (!(await keptPage(version))) {
      // The browser's own copy is of the page that asks; the server's may be a later one by now.
      const own = await fetchPage(page, 'force-cache', deadline());
      if (own.version !== version) return 'failed';
      await keepPage(version, own.html);
    }
    await finish(version, files, client);
    await prune();
    return 'kept';
  } catch (thrown) {
    return thrown instanceof DOMException && thrown.name === 'QuotaExceededError' ? 'full' : 'failed';
  }
}

/** What a page asks for, null where it is no such thing: an earlier version's page may still be open. */
function asked(data: unknown): Keep['keep'] | null {
  const wish = (data as Partial<Keep> | null)?.keep;
  if (typeof wish !== 'object' || wish === null || !Array.isArray(wish.files)) return null;
  const { version, page, files } = wish;
  if (typeof version !== 'string' || typeof page !== 'string' || !isPage(page)) return null;
  return files.every((file) => typeof file === 'string' && hasDigest(file)) ? { version, page, files } : null;
}

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET' || !url.startsWith(HOME)) return;
  if (mode === 'navigate') {
    if (isPage(url)) event.respondWith(answerPage(event, newestPage()));
  } else if (hasDigest(url.replace(/[?#].*$/, ''))) event.respondWith(answerFile(event));
});
scope.addEventListener('message', (event: Asked) => {
  const wish = asked(event.data);
  const done = wish && event.source ? keep(wish, event.source.id) : Promise.resolve<Kept>('failed');
  event.waitUntil(done.then((kept) => event.ports[0]?.postMessage(kept)));
});
