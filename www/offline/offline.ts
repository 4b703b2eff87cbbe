/** Lets a second visit do without the network, where the browser has service workers for this page. */

import type { Keep, Kept } from './messages';
import { ownFiles, ownVersion, pageAddress } from './version';

const SCRIPT = 'offline.js';
/** A browser that has not brought a service worker to life by then will not. */
const PATIENCE_MS = 60_000;

/** The answer of the service worker, or that this browser has none for this page. */
export type Keeping = Kept | 'refused';

/**
 * Keeps the page and the files it used, and answers whether that worked. Insecure and opaque origins have no service
 * workers, a browser may refuse them to frames of other sites and in private windows, and it may be full.
 */
export async function keepForOffline(fetched: Iterable<string>): Promise<Keeping> {
  const version = ownVersion();
  if (version === null) return 'refused';
  try {
    const active = await registered();
    if (!active) return 'refused';
    const base = new URL('./', pageAddress()).href;
    const files = [...ownFiles(), ...fetched].filter((address) => address.startsWith(base));
    const message: Keep = { keep: { version, page: pageAddress(), files: [...new Set(files)] } };
    return await new Promise<Kept>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<Kept>) => resolve(data);
      active.postMessage(message, [port2]);
    });
  } catch {
    return 'refused';
  }
}

async function registered(): Promise<ServiceWorker | null> {
  // Where there is no service worker this throws, and where storage is refused it rejects; Firefox complains aloud of a
  // registration that could only fail.
  const { serviceWorker } = navigator;
  await caches.keys();
  await serviceWorker.register(new URL(SCRIPT, pageAddress()), { type: 'module' });
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return (await Promise.race([serviceWorker.ready, late]))?.active ?? null;
}
