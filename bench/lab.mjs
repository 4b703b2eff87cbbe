// Distillery's own `Lab`, as the page's worker uses it, and the experiment that every engine does here.

import { simdPeak } from '../www/engine/simd-peak.ts';

const TEACHER = 'mnist-cnn';
/** The model that is timed. */
export const STUDENT = 'student';

export const LEARNING_RATE = 0.001;
export const TEMPERATURE = 4;
export const HARD_WEIGHT = 0.5;
/** Adam's, in Distillery (src/train/optimiser.rs). */
export const EPSILON = 1e-8;

const bytesOf = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function makeLab(backend) {
  const address = `/pkg/${backend}/distillery`;
  const { default: init, Lab } = await import(/* @vite-ignore */ `${address}.js`);
  // The module that the page would take here: see www/engine/lab.ts.
  const relaxed = backend === 'cpu' && simdPeak().relaxed !== null;
  await init({ module_or_path: fetch(`${address}${relaxed ? '_relaxed' : ''}_bg.wasm`) });
  const lab = await Lab.create(backend, relaxed);
  const manifest = new TextDecoder().decode(await bytesOf('/data/manifest.json'));
  lab.manifest(manifest);
  for (const name of ['train-0', 'test-0']) {
    const packed = await bytesOf(
      `/data/${JSON.parse(manifest).sheets.find((sheet) => sheet.name === name).file}`,
    );
    lab.addSheet(name, packed, await unpacked(packed));
  }
  lab.tellTeachers(new TextDecoder().decode(await bytesOf('/teachers/cards.json')));
  lab.addTeacher(TEACHER, await bytesOf(`/teachers/${TEACHER}.safetensors`));
  return lab;
}

const labs = new Map();

/** One lab a backend, filled once. */
export function labOf(backend) {
  if (!labs.has(backend)) labs.set(backend, makeLab(backend));
  return labs.get(backend);
}

/** A student of the shipped teacher on the first `digits` digits. One digit is measured after an epoch: the least. */
export function configOf(net, batch, digits) {
  return {
    version: 1,
    seed: 1,
    data: { evaluated: 1 },
    transfer_set: { digits },
    training: { epochs: 500, batch_size: batch, optimiser: { adam: {} }, learning_rate: LEARNING_RATE },
    models: {
      teacher: { net: { cnn: { dropout: 0.3 } }, init: { pretrained: TEACHER } },
      [STUDENT]: {
        net,
        learns_from: [{ model: 'teacher' }],
        objective: { hard_weight: HARD_WEIGHT, temperature: TEMPERATURE },
      },
    },
  };
}

/** Starts a session and has the teacher's logits worked out, which a race does once, not in every step. */
export async function started(lab, net, batch, digits) {
  lab.start(configOf(net, batch, digits));
  const ids = Uint32Array.from({ length: digits }, (_, index) => index);
  const parts = [];
  // In parts, since a GPU's buffers have an end.
  for (let from = 0; from < digits; from += 1000) {
    parts.push(...(await lab.logits('teacher', 'train', ids.subarray(from, from + 1000))));
  }
  return Float32Array.from(parts);
}
