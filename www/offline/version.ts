/** Which version of the page this is, and whether the server has another one by now. */

const PATIENCE_MS = 20_000;

function versionOf(page: Document): string | null {
  return page.querySelector<HTMLMetaElement>('meta[name="version"]')?.content ?? null;
}

/** Address of the page, without what a link adds to it. */
export function pageAddress(): string {
  return location.href.replace(/[?#].*$/, '');
}

/** Null in a development server, and where there is no page. */
export function ownVersion(): string | null {
  return typeof document === 'undefined' ? null : versionOf(document);
}

/** Files of this version that the page cannot open without, as addresses. */
export function ownFiles(): string[] {
  const names = document.querySelector<HTMLMetaElement>('meta[name="files"]')?.content ?? '';
  return names
    .split(' ')
    .filter(Boolean)
    .map((name) => new URL(name, pageAddress()).href);
}

/** Asks the server; false as well where it does not answer. */
export async function isOutdated(): Promise<boolean> {
  const own = ownVersion();
  if (own === null) return false;
  try {
    const response = await fetch(pageAddress(), {
      cache: 'no-cache',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) return false;
    const other = versionOf(new DOMParser().parseFromString(await response.text(), 'text/html'));
    return other !== null && other !== own;
  } catch {
    return false;
  }
}
