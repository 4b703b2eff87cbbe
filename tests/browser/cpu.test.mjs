// The CPU engine in wasm against the native program, and against itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBench, trainInPage, trainNatively } from './support/bench.mjs';
import { assertAlike } from './support/compare.mjs';
import { CONFIGS, CONVOLUTIONS, DROPOUT_JITTER_ADAM, MOMENTUM_TWO_TEACHERS } from './support/configs.mjs';

const DIGITS = 50;
// Both sum in f32, but in lanes of 4 (wasm) and of 8 (native), so that sums differ in their last bits; some steps
// of training carry that into the losses and the logits, which are of the size of 10. Measured: 1e-7 and 5e-6.
const TOLERANCE = { loss: 1e-5, logits: 1e-4 };

test('wasm and native agree', async (t) => {
  await onBench({ name: 'cpu-native' }, async (page) => {
    for (const [name, config] of Object.entries(CONFIGS)) {
      await t.test(name, async (part) => {
        const inPage = await trainInPage(page, 'cpu', config, DIGITS);
        assertAlike(part, inPage, trainNatively(config, DIGITS), TOLERANCE);
      });
    }
  });
});

test('two runs in wasm give one record, digit for digit', async () => {
  const digests = [];
  for (let run = 0; run < 2; run += 1) {
    await onBench({ name: 'cpu-twice' }, async (page) => {
      const records = [];
      for (const config of [DROPOUT_JITTER_ADAM, CONVOLUTIONS]) {
        records.push((await trainInPage(page, 'cpu', config, 1)).record.digest);
      }
      digests.push(records);
    });
  }
  assert.deepEqual(digests[0], digests[1]);
});

for (const [name, config] of Object.entries({ DROPOUT_JITTER_ADAM, MOMENTUM_TWO_TEACHERS })) {
  test(`a snapshot taken in the middle goes on in another lab to the same digest: ${name}`, async () => {
    await onBench({ name: 'cpu-snapshot' }, async (page) => {
      const whole = await trainInPage(page, 'cpu', config, 1);
      const resumed = await page.evaluate(async (experiment) => {
        const { labOf, toTheEnd } = window.bench;
        const lab = await labOf('cpu');
        lab.start(experiment);
        // Into the second epoch: some models are measured, dropout and jitter are under way.
        for (let step = 0; step < 6; step += 1) await lab.advance(60_000, 1);
        const snapshot = await lab.snapshot();
        lab.stop();
        lab.resume(experiment, snapshot);
        return toTheEnd(lab);
      }, config);
      assert.equal(resumed.digest, whole.record.digest);
    });
  });
}

test('the module with relaxed SIMD and the one without agree', async (t) => {
  await onBench({ name: 'cpu-relaxed' }, async (page) => {
    for (const [name, config] of Object.entries(CONFIGS)) {
      await t.test(name, async (part) => {
        const relaxed = await trainInPage(page, 'cpu-relaxed', config, DIGITS);
        assertAlike(part, relaxed, await trainInPage(page, 'cpu', config, DIGITS), TOLERANCE);
      });
    }
  });
});

test('the self-check finds kernels and plain formulas alike', async (t) => {
  await onBench({ name: 'cpu-self-check' }, async (page) => {
    for (const engine of ['cpu', 'cpu-relaxed']) {
      const check = await page.evaluate(async (name) => (await window.bench.labOf(name)).selfCheck(), engine);
      t.diagnostic(`${engine}: ${JSON.stringify(check.differences)}`);
      assert.equal(check.passed, true);
    }
  });
});
