// Makes the package of the embedding page in build/embed, and its tarball in build/packages: node scripts/embed-package.mjs.

import { execFileSync } from 'node:child_process';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { pack, ROOT } from './pack.mjs';

const SOURCE = join(ROOT, 'packages/embed');
const OUT = join(ROOT, 'build/embed');
const DECLARED = join(OUT, 'declared');

/** One file an entry, with nothing beside it: whoever copies one of them has all that it needs. */
const ENTRIES = [
  { entry: 'index', format: 'es', file: 'index.js' },
  { entry: 'client', format: 'es', file: 'client.js' },
  // A script without modules: one of another site comes without CORS, which modules need.
  { entry: 'script', format: 'iife', file: 'embed.js' },
];

rmSync(OUT, { recursive: true, force: true });
for (const { entry, format, file } of ENTRIES) {
  await build({
    configFile: false,
    root: SOURCE,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: OUT,
      emptyOutDir: false,
      target: 'es2022',
      lib: {
        entry: join(SOURCE, `src/${entry}.ts`),
        formats: [format],
        name: 'distillery',
        fileName: () => file,
      },
    },
  });
}
execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', SOURCE, '--outDir', DECLARED], { stdio: 'inherit' });
renameSync(join(DECLARED, 'packages/embed/src'), join(OUT, 'types'));
rmSync(DECLARED, { recursive: true });
// The generated types have no code: as they stand they are declarations.
cpSync(join(ROOT, 'www/engine/generated/types.ts'), join(OUT, 'types/schema.d.ts'));
pack('embed');
