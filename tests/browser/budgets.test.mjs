// Budgets of a training step on WebGPU, counted where the page meets the GPU.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBench } from './support/bench.mjs';

const DISPATCHES = 12;
// The step itself, and the reading of its loss, which is asked for after every step here.
const SUBMITS = 2;
// The digits, 128 × 784 values of 4 bytes, cross once for both models; labels and soft targets for each.
const BYTES = 4 * 128 * 784 + 2 * 3 * 4 * 128 * 10;

const CONFIG = {
  version: 1,
  seed: 1,
  data: { evaluated: 100 },
  transfer_set: { digits: 384 },
  training: { epochs: 3, batch_size: 128 },
  models: {
    teacher: { net: { cnn: { channels: [12, 24], hidden: [96] } }, init: { pretrained: 'mnist-cnn' } },
    student: { net: { mlp: { hidden: [30, 30] } }, learns_from: [{ model: 'teacher' }] },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
  },
};

test('a step of a student takes few dispatches, one submission and no more bytes than its batch', async (t) => {
  await onBench({ name: 'budgets', webgpu: true }, async (page) => {
    const steps = await page.evaluate(async (config) => {
      const counts = { dispatches: 0, submits: 0, bytes: 0, compiled: 0 };
      const counted = (prototype, name, count) => {
        const original = prototype[name];
        prototype[name] = function (...given) {
          count(...given);
          return original.apply(this, given);
        };
      };
      counted(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => (counts.dispatches += 1));
      counted(GPUQueue.prototype, 'submit', () => (counts.submits += 1));
      counted(GPUQueue.prototype, 'writeBuffer', (_buffer, _at, data, start, size) => {
        counts.bytes += size ?? data.byteLength - (start ?? 0);
      });
      for (const name of ['createShaderModule', 'createComputePipeline', 'createComputePipelineAsync']) {
        counted(GPUDevice.prototype, name, () => (counts.compiled += 1));
      }
      const lab = await window.bench.labOf('webgpu');
      lab.start(config);
      const taken = [];
      for (;;) {
        const before = { ...counts };
        const { events, finished } = await lab.advance(600_000, 1);
        const kinds = events.map(({ type }) => type);
        // Two models take one step each; calls that measure besides are left out, and the first epoch, in which the
        // teacher is asked for the first time.
        const later = events.every((event) => event.type !== 'step' || event.epoch > 1);
        if (kinds.length === 2 && kinds.every((kind) => kind === 'step') && later) {
          taken.push(Object.fromEntries(Object.keys(counts).map((key) => [key, counts[key] - before[key]])));
        }
        if (finished) return taken;
      }
    }, CONFIG);
    t.diagnostic(JSON.stringify(steps));
    assert.ok(steps.length >= 2, 'steps were counted');
    for (const { dispatches, submits, bytes, compiled } of steps) {
      assert.ok(dispatches > 0 && dispatches <= 2 * DISPATCHES, `${dispatches} dispatches of two models`);
      assert.ok(submits <= 2 * SUBMITS, `${submits} submissions of two models`);
      assert.ok(bytes > 0 && bytes <= BYTES, `${bytes} bytes of two models`);
      assert.equal(compiled, 0, 'nothing is compiled while training');
    }
  });
});
