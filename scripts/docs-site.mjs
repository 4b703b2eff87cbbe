// The documentation as a small site in dist/docs: the repository's own Markdown, and the types of the packages as pages.
// `make docs`; SITE_BASE is the path it will be served under.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './pack.mjs';

const SITE = join(ROOT, 'site');
const PAGES = join(ROOT, 'build/site');
const OUT = join(ROOT, 'dist/docs');
const bin = (name) => join(SITE, 'node_modules/.bin', name);
const run = (name, args, env = {}) =>
  execFileSync(bin(name), args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });

rmSync(PAGES, { recursive: true, force: true });
const markdown = ['*.md', 'docs/*.png', 'docs/*.gif', 'docs/*.jsonl', ':!site'];
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...markdown], {
  cwd: ROOT,
  encoding: 'utf8',
});
for (const file of files.trim().split('\n')) {
  mkdirSync(dirname(join(PAGES, file)), { recursive: true });
  cpSync(join(ROOT, file), join(PAGES, file));
}
cpSync(join(SITE, 'index.md'), join(PAGES, 'index.md'));
// What the first page shows is no part of its text.
cpSync(join(ROOT, 'docs/race.gif'), join(PAGES, 'public/race.gif'));
cpSync(join(SITE, '.vitepress'), join(PAGES, '.vitepress'), { recursive: true });

const types = [
  'embed/types/index',
  'embed/types/client',
  'embed/types/contract',
  'embed/types/schema',
  'trainer/distillery',
];
run('typedoc', [
  ...types.flatMap((name) => ['--entryPoints', `build/${name}.d.ts`]),
  ...['--plugin', join(SITE, 'node_modules/typedoc-plugin-markdown/dist/index.js')],
  ...['--out', join(PAGES, 'api'), '--entryFileName', 'index.md', '--name', 'Types and calls'],
  ...['--tsconfig', join(SITE, 'tsconfig.json'), '--readme', 'none'],
  ...['--skipErrorChecking', '--disableSources'],
]);
run('vitepress', ['build', PAGES], { SITE_OUT: OUT });
