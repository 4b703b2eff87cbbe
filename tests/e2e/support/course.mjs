// A course of another site: the package installed from its tarball into an empty folder, and a page with two elements.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { otherSite } from './lesson.mjs';
import { ROOT, serve } from './site.mjs';

/** A folder with nothing but a package in it, as `npm install FILE` leaves it without a network. */
export function install(name) {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-course-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const options = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  const tarball = join(ROOT, 'build/packages', `${name}-${version}.tgz`);
  execFileSync('npm', ['install', ...options, tarball], { cwd: folder });
  return folder;
}

const PAGE_EVENTS = ['distillery-state', 'distillery-status', 'distillery-error'];

/** A page with elements far below its beginning and from one another. `body`: the elements, by `far()`. */
export const course = (body, lang = 'en') => `<!doctype html><html lang="${lang}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A course</title><link rel="icon" href="data:,">
<style>body { margin: 0 auto; max-width: 1100px; font-family: sans-serif } .far { height: 3000px }</style>
<script type="importmap">{"imports": {"distillery-embed": "/node_modules/distillery-embed/index.js"}}</script>
<script>
  // What listens for messages and has not been told to stop.
  window.listening = 0;
  const add = window.addEventListener;
  window.addEventListener = function (type, listener, options) {
    if (type === 'message') {
      window.listening += 1;
      options?.signal?.addEventListener('abort', () => { window.listening -= 1; });
    }
    return add.call(this, type, listener, options);
  };
  window.told = [];
  for (const type of ${JSON.stringify(PAGE_EVENTS)}) {
    add('' + type, ({ target, detail }) => window.told.push({ id: target.id, type, ...detail }));
  }
</script>
<main><h1>A course</h1>${body}</main>
<script type="module">
  import { DistilleryClient } from 'distillery-embed';
  window.DistilleryClient = DistilleryClient;
</script>`;

export const FAR = '<div class="far"></div>';

/** The course by another name of this machine, so that frames are of another site. */
export async function serveCourse(folder, pages) {
  const host = await serve({ folder, pages });
  after(() => host.close());
  return otherSite(host.url);
}
