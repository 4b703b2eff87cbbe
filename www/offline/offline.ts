/** Lets a second visit do without the network, where the browser has service workers for this page. */

import type { Keep } from './messages';

const SCRIPT = 'offline.js';

/**
 * Keeps the page and everything it fetched, and answers whether that worked. Insecure and opaque origins have no service
 * workers, and a browser may refuse or be full: the page then needs the network, as before.
 */
export async function keepForOffline(fetchedByWorkers: readonly string[]): Promise<boolean> {
  if (!('serviceWorker' in navigator) || !isSecureContext || origin === 'null') return false;
  try {
    const base = new URL('./', document.baseURI).href;
    await navigator.serviceWorker.register(new URL(SCRIPT, base), { type: 'module' });
    const { active } = await navigator.serviceWorker.ready;
    if (!active) return false;
    const page = location.href.replace(/[?#].*$/, '');
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
    // The page comes last: a new one is only kept once everything it asks for is.
    const all = [...fetched, ...fetchedByWorkers, page].filter((address) => address.startsWith(base));
    const message: Keep = { keep: [...new Set(all)] };
    return await new Promise<boolean>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data === true);
      active.postMessage(message, [port2]);
    });
  } catch {
    return false;
  }
}
