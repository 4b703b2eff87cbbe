// Chromium by Playwright: where it is, how it is started, and what a page says in it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

// SwiftShader: WebGPU without a graphics card.
const WEBGPU_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

const PLACES = [
  process.env.CHROMIUM,
  // Debian's wrapper script adds arguments of its own; this is the program behind it.
  '/usr/lib/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export function which(...names) {
  for (const name of names) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      // Not this one; the next may be there.
    }
  }
  return null;
}

/** `gpuArgs`: how the browser comes by WebGPU; `args`: what else it is started with. */
export function launch({ webgpu = false, gpuArgs = WEBGPU_ARGS, args = [] } = {}) {
  return chromium.launch({
    executablePath: executable(),
    args: ['--no-sandbox', ...(webgpu ? gpuArgs : []), ...args],
  });
}

/** Where Chromium is. */
export function executable() {
  const place = PLACES.find((path) => path && existsSync(path)) ?? which('chromium', 'google-chrome');
  assert.ok(place, 'Chromium is missing; run: apt-get install chromium');
  return place;
}

/** What Chromium's settings call it: all sites may store, frames of other sites may not, none may. */
const STORAGE = {
  'third-party-refused': { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } },
  refused: { profile: { default_content_setting_values: { cookies: 2 } } },
};

/** A browser with a profile of its own, whose settings refuse storage; gives its only context. */
export async function launchWithStorage(storage) {
  const profile = mkdtempSync(join(tmpdir(), 'distillery-chromium-'));
  mkdirSync(join(profile, 'Default'));
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(STORAGE[storage]));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    args: ['--no-sandbox'],
    viewport: { width: 1280, height: 900 },
  });
  // The browser may still write to it while it ends.
  const patient = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
  context.on('close', () => rm(profile, patient).catch(() => undefined));
  return context;
}

/** Collects everything a quiet page would not have said. `allowed`: patterns of what a test provokes. */
export function listen(page, allowed = []) {
  const noises = [];
  const hear = (text) => {
    if (!allowed.some((pattern) => pattern.test(text))) noises.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') hear(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => hear(`uncaught: ${error.stack ?? error}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A reload or a worker that is replaced ends its downloads.
    if (reason !== 'net::ERR_ABORTED') hear(`request: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) hear(`response: ${response.status()} ${response.url()}`);
  });
  return noises;
}
