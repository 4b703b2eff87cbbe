/** The page's own HTML, as a service worker sees it. */

import { HOME } from './scope';

export interface Page {
  readonly html: string;
  /** Null for a page that is none of ours. */
  readonly version: string | null;
  /** Addresses of what it cannot open without. */
  readonly files: readonly string[];
}

/** Whether an address is that of the page, whatever stands behind the question mark. */
export function isPage(address: string): boolean {
  const path = address.replace(/[?#].*$/, '');
  return path === HOME || path === `${HOME}index.html`;
}

/** What a build wrote into the page's head: `scripts/page/head.mjs`. */
export function readPage(html: string): Page {
  const named = (name: string): string | null =>
    new RegExp(`<meta name="${name}" content="([^"]*)"`).exec(html)?.[1] ?? null;
  const files = named('files')?.split(' ').filter(Boolean) ?? [];
  return { html, version: named('version'), files: files.map((name) => new URL(name, HOME).href) };
}

export function asResponse({ html }: Page): Response {
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/**
 * The page as the network has it, whole. Rejects where the network has none: no answer, an error, or another origin's
 * page in its place, as the portal of a railway or a hotel answers.
 */
export async function fetchPage(address: string, cache: RequestCache, signal: AbortSignal): Promise<Page> {
  const response = await fetch(address, { cache, signal, mode: 'same-origin' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return readPage(await response.text());
}
