// WebGPU against the CPU engine in wasm: in Chromium, emulated by SwiftShader, and in Firefox, by lavapipe.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_FIREFOX, onBench, onFirefoxBench, trainInPage } from './support/bench.mjs';
import { assertAlike } from './support/compare.mjs';
import { CONFIGS, LOSSES } from './support/configs.mjs';

const DIGITS = 50;
// A GPU may sum in another order and fuse multiplications with additions; Adam, which divides a gradient by its own
// size, carries the rounding of small gradients into whole steps. SwiftShader and lavapipe show 4e-7 and 4e-6, and 5e-6
// for a divergence that is itself near nothing; a real GPU gets room for its own order.
const TOLERANCE = { loss: 1e-4, logits: 1e-3 };
// An emulated step takes about 0.3 s.
const FEWER_DIGITS = 128;

async function selfCheckPasses(page, part) {
  const [info, check] = await page.evaluate(async () => {
    const lab = await window.bench.labOf('webgpu');
    return [lab.info(), await lab.selfCheck()];
  });
  assert.equal(info.engine, 'webgpu');
  part.diagnostic(`${info.adapter}: ${JSON.stringify(check.differences)}`);
  assert.equal(check.passed, true, JSON.stringify(check));
}

async function enginesAgree(page, part, config) {
  const gpu = await trainInPage(page, 'webgpu', config, DIGITS);
  const cpu = await trainInPage(page, 'cpu', config, DIGITS);
  assertAlike(part, gpu, cpu, TOLERANCE);
}

test('WebGPU and CPU agree', async (t) => {
  await onBench({ name: 'webgpu', webgpu: true }, async (page) => {
    await t.test('the self-check passes', (part) => selfCheckPasses(page, part));
    for (const [name, whole] of Object.entries(CONFIGS)) {
      const config = { ...whole, transfer_set: { ...whole.transfer_set, digits: FEWER_DIGITS } };
      await t.test(name, (part) => enginesAgree(page, part, config));
    }
    await t.test('every loss', (part) => enginesAgree(page, part, LOSSES));
  });
});

test('WebGPU and CPU agree in Firefox', { skip: NO_FIREFOX }, async (t) => {
  await onFirefoxBench(async (page) => {
    await t.test('the self-check passes', (part) => selfCheckPasses(page, part));
    await t.test('every loss', (part) => enginesAgree(page, part, LOSSES));
  });
});
