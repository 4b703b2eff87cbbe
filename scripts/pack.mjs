// Makes an npm package of a folder that has its files: what every package of the repository has, and the tarball of it.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');

/** `name`: of the folders in `packages/` and in `build/`. */
export function pack(name) {
  const source = join(ROOT, 'packages', name);
  const out = join(ROOT, 'build', name);
  cpSync(join(source, 'README.md'), join(out, 'README.md'));
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) cpSync(join(ROOT, licence), join(out, licence));
  // One version for the repository.
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const about = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  writeFileSync(join(out, 'package.json'), `${JSON.stringify({ ...about, version }, null, 2)}\n`);
  const packed = join(ROOT, 'build/packages');
  mkdirSync(packed, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', packed], {
    cwd: out,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
