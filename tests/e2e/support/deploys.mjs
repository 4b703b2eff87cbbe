// A later build of the page: the same files under other digests, as if every one of them had changed.

import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { DIST } from './site.mjs';

const DIGEST = /(?<=^assets\/[^/]+-)[\w-]{8}(?=\.\w+$)|(?<=^(?:data|teachers)\/)[0-9a-f]{16}(?=\/)/;
const TEXT = /\.(html|js|css)$/;

/** Letters and figures turned round in a way that undoes itself, so that the new digest looks like one as well. */
const turned = (digest) => [...digest].reverse().join('');

/** Copies the site into a folder of its own, with new digests in every name but those of sheets, whose digits stay. */
export function laterBuild() {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-later-'));
  cpSync(DIST, folder, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const digests = new Map();
  for (const file of files) {
    const [digest] = DIGEST.exec(file) ?? [];
    if (digest) digests.set(digest, turned(digest));
  }
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const [, version] = /<meta name="version" content="([0-9a-f]+)"/.exec(page);
  digests.set(version, turned(version));
  const renewed = (text) => [...digests].reduce((all, [from, to]) => all.replaceAll(from, to), text);
  for (const file of files.filter((name) => TEXT.test(name))) {
    const path = join(folder, file);
    writeFileSync(path, renewed(readFileSync(path, 'utf8')));
  }
  renameAll(folder, digests);
  return {
    folder,
    version: turned(version),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function renameAll(folder, digests) {
  const entries = readdirSync(folder, { recursive: true }).sort((a, b) => b.length - a.length);
  for (const entry of entries) {
    const name = basename(entry);
    const digest = [...digests.keys()].find((known) => name.includes(known));
    if (digest) {
      const renamed = name.replace(digest, digests.get(digest));
      renameSync(join(folder, entry), join(folder, dirname(entry), renamed));
    }
  }
}

export const versionOf = (page) => page.locator('meta[name="version"]').getAttribute('content');
