// The kit for rooms without a network: the zip, unpacked, runs from a plain static server, and says what a file needs.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch } from '../support/browsers/chromium.mjs';
import * as lab from './support/page.mjs';
import { SHORT } from './support/settings.mjs';
import { ROOT } from './support/site.mjs';
import { withPage } from './support/visits.mjs';

const folder = mkdtempSync(join(tmpdir(), 'distillery-kit-'));
const made = execFileSync('node', ['scripts/kit.mjs'], { cwd: ROOT, encoding: 'utf8' });
const zip = join(ROOT, /build\/packages\/\S+\.zip/.exec(made)[0]);
execFileSync('python3', ['-m', 'zipfile', '-e', zip, folder]);
const kit = join(folder, readdirSync(folder)[0]);
const browser = await launch();
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The server that the kit's README names; it chooses a port and tells it. */
async function servePlainly() {
  const options = { cwd: kit, stdio: ['ignore', 'pipe', 'ignore'] };
  const server = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'], options);
  after(() => server.kill());
  server.stdout.setEncoding('utf8');
  const port = await new Promise((resolve, reject) => {
    let said = '';
    server.once('close', () => reject(new Error(`the server has ended: ${said}`)));
    // It goes on writing: a pipe that is closed would end it.
    server.stdout.on('data', (part) => {
      said += part;
      const found = /port (\d+) /.exec(said);
      if (found) resolve(found[1]);
    });
  });
  return { url: `http://localhost:${port}/` };
}

test('served by the server that its README names, it trains', async () => {
  assert.match(readFileSync(join(kit, 'README.txt'), 'utf8'), /python3 -m http\.server/);
  const site = await servePlainly();
  await withPage(browser, { name: 'kit' }, async (page) => {
    await lab.open(page, site, SHORT);
    await lab.race(page);
    assert.match((await lab.record(page)).digest, /^[0-9a-f]{64}$/);
  });
});

test('opened as a file, it says in both languages what it needs', async () => {
  await withPage(browser, { name: 'kit-file', allowed: [/CORS|ERR_FAILED/] }, async (page) => {
    await page.goto(pathToFileURL(join(kit, 'index.html')).href);
    await page.getByText('Opened as a file').waitFor({ timeout: 10_000 });
    await page.getByText('直接打开文件').waitFor();
  });
});
