/** Which versions of the page are kept: each with its HTML and the files that belong to it. */

import { CACHE } from './files';
import { isPage, type Page, readPage } from './pages';
import { HOME, scope } from './scope';

interface Version {
  readonly version: string;
  readonly files: readonly string[];
}

interface Index {
  /** The one kept last comes last: it is the one to open without the network. */
  readonly versions: readonly Version[];
  /** Version of each open page that has told its own, by the id of its client. */
  readonly pages: Readonly<Record<string, string>>;
}

const NOTHING: Index = { versions: [], pages: {} };
// Addresses that no file of the site has.
const INDEX = `${HOME}kept/index`;
const pageAt = (version: string): string => `${HOME}kept/page/${version}`;
/** What this project kept before it knew versions. */
const BEFORE_VERSIONS = 'distillery';

async function read(): Promise<Index> {
  const kept = await (await caches.open(CACHE)).match(INDEX);
  return kept ? ((await kept.json()) as Index) : NOTHING;
}

let last: Promise<unknown> = Promise.resolve();

/** Changes the index; changes come one after another. */
function change(how: (index: Index) => Index | Promise<Index>): Promise<void> {
  const done = last.then(async () => {
    const cache = await caches.open(CACHE);
    await cache.put(INDEX, new Response(JSON.stringify(await how(await read()))));
  });
  last = done.catch(() => undefined);
  return done;
}

/** The page of a version, null where it is not kept. */
export async function keptPage(version: string): Promise<Page | null> {
  const kept = await (await caches.open(CACHE)).match(pageAt(version));
  return kept ? readPage(await kept.text()) : null;
}

/** The page to open without the network; null before any was kept whole. */
export async function newestPage(): Promise<Page | null> {
  const { versions } = await read();
  const newest = versions.at(-1);
  return newest ? keptPage(newest.version) : null;
}

/** Keeps a version's HTML; it is opened without the network only once `finish` says that the rest is here. */
export async function keepPage(version: string, html: string): Promise<void> {
  await (await caches.open(CACHE)).put(pageAt(version), new Response(html));
}

/** A page has told its version, and all of that version is kept. */
export function finish(version: string, files: readonly string[], client: string): Promise<void> {
  return change(({ versions, pages }) => {
    const before = versions.find((known) => known.version === version)?.files ?? [];
    const others = versions.filter((known) => known.version !== version);
    const all = [...new Set([...before, ...files])];
    return { versions: [...others, { version, files: all }], pages: { ...pages, [client]: version } };
  });
}

/** A file came later than the rest, for a page or for one of its workers, whose version is not told: the newest has it. */
export function note(file: string): Promise<void> {
  return change(async (index) => {
    const newest = index.versions.at(-1);
    if (!newest || newest.files.includes(file)) return index;
    const grown = { ...newest, files: [...newest.files, file] };
    return { ...index, versions: [...index.versions.slice(0, -1), grown] };
  });
}

/** Removes what no open page and no next visit needs. While a page is open that has not told its version, all stays. */
export function prune(): Promise<void> {
  return change(async (index) => {
    const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const open = windows.filter(({ url }) => isPage(url)).map(({ id }) => id);
    if (open.some((id) => !Object.hasOwn(index.pages, id))) return index;
    const wanted = new Set(open.map((id) => index.pages[id]));
    const versions = index.versions.filter(
      ({ version }, at) => wanted.has(version) || at === index.versions.length - 1,
    );
    await removeAllBut([
      INDEX,
      ...versions.map(({ version }) => pageAt(version)),
      ...versions.flatMap(({ files }) => files),
    ]);
    const pages = Object.entries(index.pages).filter(([id]) => open.includes(id));
    return { versions, pages: Object.fromEntries(pages) };
  });
}

async function removeAllBut(addresses: readonly string[]): Promise<void> {
  const wanted = new Set(addresses);
  const cache = await caches.open(CACHE);
  const kept = await cache.keys();
  await Promise.all(kept.filter(({ url }) => !wanted.has(url)).map((request) => cache.delete(request)));
  await caches.delete(BEFORE_VERSIONS);
}
