// Budgets of a training step on WebGPU, counted where the page meets the GPU.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBench } from './support/bench.mjs';
import { SOFT_TERMS } from './support/configs.mjs';

const DISPATCHES = 12;
// The step itself, and the reading of its loss, which is asked for after every step here.
const SUBMITS = 2;
// Which digits they are crosses once for both models (how many, and the place of each), for they stay on the GPU; what
// each digit is asked and what kernels are told of the step cross for each model, soft targets for the one that has them.
const BYTES = 4 * (1 + 128) + 2 * (16 * 128 + 96) + 4 * 128 * 10;

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

/** In the page: counts what is asked of WebGPU from now on. */
function countGpu() {
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
  window.gpuCounts = counts;
}

/** What is asked of the GPU in steps of a race, of so many models each, and how much is compiled in all of it. */
function countedSteps(page, config) {
  return page.evaluate(async (config) => {
    const counts = window.gpuCounts;
    const lab = await window.bench.labOf('webgpu');
    const { compiled } = counts;
    lab.start(config);
    const steps = [];
    for (;;) {
      const before = { ...counts };
      const { events, finished } = await lab.advance(600_000, 1);
      // Models take one step each; calls that measure besides are left out, and the first epoch, in which the teacher
      // is asked for the first time and every digit crosses.
      const later = events.every((event) => event.type === 'step' && event.epoch > 1);
      if (events.length > 0 && later) {
        const asked = Object.keys(counts).map((key) => [key, counts[key] - before[key]]);
        steps.push({ models: events.length, ...Object.fromEntries(asked) });
      }
      if (finished) return { steps, compiled: counts.compiled - compiled };
    }
  }, config);
}

test('a step of a student takes few dispatches, one submission and no more bytes than its batch', async (t) => {
  await onBench({ name: 'budgets', webgpu: true }, async (page) => {
    await page.evaluate(countGpu);
    const counted = await countedSteps(page, CONFIG);
    const steps = counted.steps.filter(({ models }) => models === 2);
    t.diagnostic(JSON.stringify(steps));
    assert.ok(steps.length >= 2, 'steps were counted');
    for (const { dispatches, submits, bytes, compiled } of steps) {
      assert.ok(dispatches > 0 && dispatches <= 2 * DISPATCHES, `${dispatches} dispatches of two models`);
      assert.ok(submits <= 2 * SUBMITS, `${submits} submissions of two models`);
      assert.ok(bytes > 0 && bytes <= BYTES, `${bytes} bytes of two models`);
      assert.equal(compiled, 0, 'nothing is compiled while training');
    }
    const net = { mlp: { hidden: [8, 8] } };
    const tasks = [{ task: 'digit' }, { task: 'parity' }];
    for (const [name, soft] of Object.entries(SOFT_TERMS)) {
      await t.test(`the loss asks for no more, of one task and of two: ${name}`, async (part) => {
        const student = { net, learns_from: [{ model: 'teacher' }], objective: { soft } };
        // A digit that is asked two tasks is met twice in an epoch.
        const two = { ...student, tasks, transfer_set: { digits: 24 } };
        const { steps, compiled } = await countedSteps(page, {
          ...CONFIG,
          data: { evaluated: 10 },
          transfer_set: { digits: 48 },
          training: { epochs: 2, batch_size: 16 },
          models: {
            teacher: { net, tasks, transfer_set: { digits: 8 } },
            one: student,
            two,
          },
        });
        part.diagnostic(JSON.stringify(steps));
        assert.ok(
          steps.some(({ models }) => models === 2),
          'steps were counted',
        );
        for (const { models, dispatches, submits } of steps) {
          // Three layers: three products forwards, two backwards, three to learn by; the loss; and one that brings the
          // batch together, which these two do not share.
          assert.deepEqual([dispatches, submits], [models * 10, models * SUBMITS]);
        }
        assert.equal(compiled, 0, 'the kernels were there when the engine had opened');
      });
    }
  });
});

/** Shaders and pipelines that are compiled in a rehearsal of a config and in its race. */
function compiledFor(page, config) {
  return page.evaluate(async (config) => {
    const lab = await window.bench.labOf('webgpu');
    const opened = window.gpuCounts.compiled;
    await lab.rehearse(config);
    const rehearsed = window.gpuCounts.compiled;
    lab.start(config);
    await window.bench.toTheEnd(lab);
    return { rehearsal: rehearsed - opened, race: window.gpuCounts.compiled - rehearsed };
  }, config);
}

test('shaders are compiled before the first step, not while networks train', async (t) => {
  // Its last batch is shorter, as in most races.
  const short = { ...CONFIG, transfer_set: { digits: 192 }, training: { epochs: 2, batch_size: 128 } };
  const { student, control } = CONFIG.models;
  const perceptrons = { teacher: { net: { mlp: { hidden: [40] } } }, student, control };
  const net = { cnn: { channels: [4, 8], kernel: 3, hidden: [16] } };
  // One waits for a teacher that is trained in the same race.
  const cnns = { ...perceptrons, student: { ...student, net } };
  await onBench({ name: 'rehearsal', webgpu: true }, async (page) => {
    await page.evaluate(countGpu);
    // Kernels of our own are there when the engine has opened.
    assert.deepEqual(await compiledFor(page, { ...short, models: perceptrons }), { rehearsal: 0, race: 0 });
    const { rehearsal, race } = await compiledFor(page, { ...short, models: cnns });
    t.diagnostic(`CNNs, by burn: ${rehearsal} shaders and pipelines in the rehearsal, ${race} in the race`);
    // What burn fuses depends on all that it was asked before, so some is left for the race; most of it is not.
    assert.ok(race < rehearsal / 2, `${race} of ${rehearsal} are left for the race`);
  });
});
