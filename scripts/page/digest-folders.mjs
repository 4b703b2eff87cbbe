// Puts a digest into the path of files whose names stay, data/manifest.json and the shipped teachers: what lies at an
// address then never changes, so that files of two versions cannot meet. `www/engine/addresses.ts` reads the paths.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const DIGEST_LENGTH = 16;
const FOLDERS = { data: /^manifest\.json$/, teachers: /^/ };

/** Files of a folder whose names stay, and the folder's digest: of their names and contents. */
function fixed(folder, pattern) {
  const names = readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return { names, digest: hash.digest('hex').slice(0, DIGEST_LENGTH) };
}

/** Vite's plugin. In a development server the files stay where they are. */
export function digestFolders(publicDir) {
  const moved = () =>
    Object.entries(FOLDERS).map(([folder, pattern]) => ({
      folder,
      ...fixed(join(publicDir, folder), pattern),
    }));
  let outDir = '';
  return {
    name: 'distillery:digest-folders',
    apply: 'build',
    config() {
      const paths = Object.fromEntries(moved().map(({ folder, digest }) => [folder, `${folder}/${digest}/`]));
      return {
        define: {
          'import.meta.env.MANIFEST_FOLDER': JSON.stringify(paths.data),
          'import.meta.env.TEACHERS_FOLDER': JSON.stringify(paths.teachers),
        },
      };
    },
    configResolved(config) {
      outDir = config.build.outDir;
    },
    writeBundle() {
      for (const { folder, names, digest } of moved()) {
        const to = join(outDir, folder, digest);
        mkdirSync(to, { recursive: true });
        for (const name of names) renameSync(join(outDir, folder, name), join(to, name));
      }
    },
  };
}
