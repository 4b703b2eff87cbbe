// What burn's fusion asks of WebGPU for the networks that train by its tensors there: `make bench-burn`. Counts, not times,
// so an emulated GPU will do. Writes the table of docs/performance.md.

import { onBench } from '../tests/browser/support/bench.mjs';
import { writeTable } from './table.mjs';

// Few, since an emulated step of these takes seconds; what grows with them is the bytes alone.
const BATCH = 32;
const NETS = [
  { name: 'CNN 12-24-96', net: { cnn: {} } },
  { name: 'ViT, 2 blocks of width 32', net: { vit: {} } },
  { name: 'BiLSTM, 32 units', net: { rnn: {} } },
];

/** Three epochs of two whole batches, taught by the shipped teacher, so that the rehearsal can take the student's steps. */
const configOf = (net) => ({
  version: 1,
  seed: 1,
  data: { evaluated: 1 },
  transfer_set: { digits: 2 * BATCH },
  training: { epochs: 3, batch_size: BATCH },
  models: {
    teacher: { net: { cnn: {} }, init: { pretrained: 'mnist-cnn' } },
    student: { net, learns_from: [{ model: 'teacher' }] },
  },
});

/** In the page: rehearses and trains, and counts what each of the two asks, and each step after the first epoch. */
async function counted(config) {
  const { takeCounts } = window.gpuCounts;
  const lab = await window.bench.labOf('webgpu');
  takeCounts();
  await lab.rehearse(config);
  const rehearsal = takeCounts();
  lab.start(config);
  const race = { shaders: 0, pipelines: 0 };
  const steps = [];
  for (;;) {
    const { events, finished } = await lab.advance(600_000, 1);
    const counts = takeCounts();
    for (const kind of Object.keys(race)) race[kind] += counts[kind];
    const isStep = events.length === 1 && events[0].type === 'step';
    if (isStep && events[0].epoch > 1) steps.push(counts);
    if (finished) return { rehearsal, race, steps };
  }
}

const shown = (value) => value.toFixed(1).replace(/\.0$/, '');

function rowOf(name, { rehearsal, race, steps }) {
  const mean = (kind) => steps.reduce((sum, counts) => sum + counts[kind], 0) / steps.length;
  const kib = (kind) => mean(kind) / 1024;
  const ofStep = [mean('dispatches'), mean('submits'), kib('uploaded'), kib('readBack'), mean('buffers')];
  const compiled = [mean('shaders'), mean('pipelines'), rehearsal.shaders, rehearsal.pipelines];
  return [name, ...[...ofStep, ...compiled, race.shaders, race.pipelines].map(shown)];
}

const rows = [];
await onBench({ name: 'bench-burn', webgpu: true }, async (page) => {
  await page.evaluate(async (counter) => {
    window.gpuCounts = await import(counter);
    window.gpuCounts.watchGpu();
  }, '/bench/gpu-counts.mjs');
  for (const { name, net } of NETS) {
    console.log(`Counting: ${name}`);
    rows.push(rowOf(name, await page.evaluate(counted, configOf(net))));
    console.log(rows.at(-1).join(' '));
  }
});
const head = ['network', 'dispatches', 'submits', 'KiB written', 'KiB mapped to read', 'new buffers'];
head.push(
  'new shaders',
  'new pipelines',
  'shaders in the rehearsal',
  'pipelines in it',
  'shaders in the race',
  'pipelines in it',
);
writeTable('burn', {
  command: 'make bench-burn',
  how: [
    `A step of ${BATCH} digits after the first epoch, its loss read: means of such steps;`,
    'the last four columns are of a rehearsal and of the whole race after it.',
  ].join(' '),
  rows: [head, head.map((_, index) => (index ? '---:' : '---')), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  ),
});
