// The loss kernel of WebGPU against its formulas in f64, on logits of any size, with mixed and hidden labels, and with what
// is no number: nothing of it is trained, so the shader alone is needed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, serve } from '../e2e/support/site.mjs';
import { withPage } from '../e2e/support/visits.mjs';
import { launch } from '../support/browsers/chromium.mjs';

const SHADER = ['common', 'loss']
  .map((name) => readFileSync(join(ROOT, `src/train/backend/gpu/wgsl/${name}.wgsl`), 'utf8'))
  .join('');
const DIGITS = 7;
const CLASSES = 10;
const TEMPERATURE = 2;
const HARD_WEIGHT = 0.4;
const SOFT_FACTOR = 0.6 * TEMPERATURE ** 2;
const SMOOTHING = 0.1;
/** λ of the digits that are mixed. */
const SHARE = 0.7;
const NO_LABELS = 0xffffffff;
/** As `Step::comparing` numbers them. */
const TERMS = { 'cross-entropy': 1, KL: 2, 'reverse KL': 5, 'Jensen–Shannon': 6 };
const BETA = 0.3;

const softmax = (row, temperature) => {
  const largest = Math.max(...row);
  const powers = row.map((z) => Math.exp((z - largest) / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};
const ln = (p) => Math.log(Number.isNaN(p) ? p : Math.max(p, 1e-30));
const sum = (values) => values.reduce((a, b) => a + b, 0);

/** Rows of numbers from −size to size, the same in every run. */
function drawn(size, seed) {
  let state = seed;
  const next = () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state / 0x7fffffff - 0.5) * 2 * size;
  };
  return Array.from({ length: DIGITS }, () => Array.from({ length: CLASSES }, () => Math.fround(next())));
}

/** Every third digit without a label, of the others its own and that of the one mixed into it. */
const LABELS = Array.from({ length: DIGITS }, (_, i) =>
  i % 3 === 2 ? null : [(i * 7) % CLASSES, (i * 3 + 1) % CLASSES],
);
const LABELLED = LABELS.filter(Boolean).length;

/** A digit's soft loss, and its gradient in the logits without weight. */
function softByDefinition(term, z, p) {
  const q = softmax(z, TEMPERATURE);
  const logQ = q.map(Math.log);
  if (term === TERMS['cross-entropy'] || term === TERMS.KL) {
    const own = (c) => (term === TERMS.KL ? ln(p[c]) : 0);
    return [
      sum(p.map((pc, c) => pc * (own(c) - logQ[c]))),
      q.map((qc, c) => (qc * sum(p) - p[c]) / TEMPERATURE),
    ];
  }
  const logM = q.map((qc, c) => ln(BETA * p[c] + (1 - BETA) * qc));
  const slopes = q.map((_, c) =>
    term === TERMS['reverse KL'] ? logQ[c] - ln(p[c]) : (1 - BETA) * (logQ[c] - logM[c]),
  );
  const mean = sum(q.map((qc, c) => qc * slopes[c]));
  const teachers = term === TERMS['reverse KL'] ? 0 : sum(p.map((pc, c) => BETA * pc * (ln(pc) - logM[c])));
  return [mean + teachers, q.map((qc, c) => (qc * (slopes[c] - mean)) / TEMPERATURE)];
}

/** A digit's hard loss, and its gradient in the logits without weight. */
function hardByDefinition(z, labels) {
  const q = softmax(z, 1);
  if (!labels) return [0, q.map(() => 0)];
  const y = q.map(() => SMOOTHING / CLASSES);
  y[labels[0]] += SHARE * (1 - SMOOTHING);
  y[labels[1]] += (1 - SHARE) * (1 - SMOOTHING);
  return [-sum(y.map((yc, c) => yc * Math.log(q[c]))), q.map((qc, c) => qc - y[c])];
}

/** The words of `Step`, of `Asked` for each digit, logits and targets, in the order of their bindings. */
function bindings(term, logits, targets) {
  const step = new Float32Array(24);
  const words = new Uint32Array(step.buffer);
  [words[0], words[1], words[3]] = [DIGITS, CLASSES, term];
  [step[13], step[14], step[15], step[16], step[17]] = [
    HARD_WEIGHT,
    SMOOTHING,
    LABELLED,
    SOFT_FACTOR,
    TEMPERATURE,
  ];
  [step[22], step[23]] = [SHARE, BETA];
  const asked = new Float32Array(4 * DIGITS);
  const labels = new Uint32Array(asked.buffer);
  LABELS.forEach((own, i) => {
    labels[4 * i + 1] = CLASSES;
    labels[4 * i + 2] = own ? own[0] | (own[1] << 16) : NO_LABELS;
    asked[4 * i + 3] = 1 / LABELLED;
  });
  return [words, new Uint32Array(Float32Array.from(logits.flat()).buffer), labels]
    .concat(new Uint32Array(Float32Array.from(targets.flat()).buffer))
    .map((values) => [...values]);
}

/** In the page: the words of gradient and sums that the kernel leaves. */
async function run({ shader, inputs, values }) {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const module = device.createShaderModule({ code: shader });
  const { messages } = await module.getCompilationInfo();
  if (messages.length > 0) throw new Error(messages.map(({ message }) => message).join('\n'));
  const compute = { module, entryPoint: 'main' };
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
  const buffers = [
    ...inputs.map((words) => new Uint32Array(words)),
    new Uint32Array(values),
    new Uint32Array(6),
  ].map((words, place) => {
    const usage = (place === 0 ? UNIFORM : STORAGE) | COPY_DST | COPY_SRC;
    const buffer = device.createBuffer({ size: words.byteLength, usage });
    device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  const read = device.createBuffer({ size: 4 * (values + 6), usage: MAP_READ | COPY_DST });
  encoder.copyBufferToBuffer(buffers[4], 0, read, 0, 4 * values);
  encoder.copyBufferToBuffer(buffers[5], 0, read, 4 * values, 24);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  return [...new Uint32Array(read.getMappedRange())];
}

test('the loss kernel follows its formulas, and keeps what is no number', async (t) => {
  const site = await serve({ folder: join(ROOT, 'tests/browser/support') });
  const browser = await launch({ webgpu: true });
  try {
    await withPage(browser, { name: 'loss-kernel' }, async (page) => {
      await page.goto(`${site.url}lab.html`);
      const kernel = async (term, logits, targets) => {
        const inputs = bindings(term, logits, targets);
        const words = await page.evaluate(run, { shader: SHADER, inputs, values: DIGITS * CLASSES });
        const found = [...new Float32Array(new Uint32Array(words).buffer)];
        return { gradient: found.slice(0, DIGITS * CLASSES), sums: found.slice(DIGITS * CLASSES) };
      };
      for (const [name, term] of Object.entries(TERMS)) {
        for (const size of [0.01, 4, 40]) {
          await t.test(`${name}, logits up to ${size}`, async () => {
            const logits = drawn(size, 1);
            const targets = drawn(size, 2).map((row) => softmax(row, TEMPERATURE).map(Math.fround));
            const { gradient, sums } = await kernel(term, logits, targets);
            const hard = logits.map((z, i) => hardByDefinition(z, LABELS[i]));
            const soft = logits.map((z, i) => softByDefinition(term, z, targets[i]));
            // f32: some roundings of 6e-8 of terms of the size of 1 and more, however small what comes of them is; a digit's
            // part in the gradient is some hundredths of such a term, which is a logarithm, as large as the logits.
            const near = (found, expected, size) =>
              assert.ok(
                Math.abs(found - expected) < 1e-5 * (size + Math.abs(expected)),
                `${found}, ${expected}`,
              );
            near(sums[0], sum(hard.map(([loss]) => loss)), 1);
            near(sums[1], sum(soft.map(([loss]) => loss)), 1);
            hard.forEach(([, ofHard], i) => {
              ofHard.forEach((slope, c) => {
                const own = (HARD_WEIGHT / LABELLED) * slope;
                near(
                  gradient[i * CLASSES + c],
                  own + (SOFT_FACTOR / DIGITS) * soft[i][1][c],
                  0.01 * Math.max(size, 1),
                );
              });
            });
            assert.deepEqual(sums.slice(3), [1, 1, 1]);
          });
        }
        for (const side of ['student', 'teacher']) {
          await t.test(`${name}, no number of the ${side}`, async () => {
            const [logits, other] = [drawn(4, 1), drawn(4, 2)];
            const targets = other.map((row) => softmax(row, TEMPERATURE));
            (side === 'student' ? logits : targets)[2][3] = Number.NaN;
            const { sums } = await kernel(term, logits, targets);
            assert.deepEqual([sums[1], sums[4]], [Number.NaN, 0]);
          });
        }
      }
    });
  } finally {
    await browser.close();
    await site.close();
  }
});
