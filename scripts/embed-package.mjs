// Makes the package of the embedding page in build/embed, and its tarball in build: node scripts/embed-package.mjs.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '..');
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
cpSync(join(SOURCE, 'README.md'), join(OUT, 'README.md'));
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) cpSync(join(ROOT, name), join(OUT, name));
// One version for the repository.
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const about = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8'));
writeFileSync(join(OUT, 'package.json'), `${JSON.stringify({ ...about, version }, null, 2)}\n`);
const PACKED = join(ROOT, 'build/packages');
mkdirSync(PACKED, { recursive: true });
execFileSync('npm', ['pack', '--silent', '--pack-destination', PACKED], {
  cwd: OUT,
  stdio: ['ignore', 'ignore', 'inherit'],
});
