// The work that every engine gets: a network's first weights, one batch with labels and soft targets, and the losses
// that Distillery's CPU engine has over its first steps, which all others have to meet.

import { EPSILON, HARD_WEIGHT, LEARNING_RATE, labOf, STUDENT, started, TEMPERATURE } from './lab.mjs';

const PIXELS = 28 * 28;
const CLASSES = 10;

/** The tensors of a safetensors file, `{shape, values}` by name. */
function tensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__;
  const data = bytes.slice(8 + length).buffer;
  const part = ({ shape, data_offsets: [from, to] }) => ({
    shape,
    values: new Float32Array(data.slice(from, to)),
  });
  return Object.fromEntries(Object.entries(header).map(([name, entry]) => [name, part(entry)]));
}

/** Softmax at a temperature, row by row. */
function softened(logits, temperature) {
  const targets = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += CLASSES) {
    const scaled = Array.from(logits.subarray(row, row + CLASSES), (logit) => logit / temperature);
    const largest = Math.max(...scaled);
    const powers = scaled.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    targets.set(
      powers.map((power) => power / sum),
      row,
    );
  }
  return targets;
}

function digitsOf(lab, batch) {
  const pixels = new Float32Array(batch * PIXELS);
  const labels = new Float32Array(batch * CLASSES);
  for (let index = 0; index < batch; index += 1) {
    const digit = lab.digit('train', index);
    for (let pixel = 0; pixel < PIXELS; pixel += 1) pixels[index * PIXELS + pixel] = digit[pixel] / 255;
    labels[index * CLASSES + digit[PIXELS]] = 1;
  }
  return { pixels, labels };
}

/** The work of one network (`networks.mjs`), with `steps` of losses to meet. */
export async function makeWork({ net, multiplications }, batch, steps) {
  const lab = await labOf('cpu');
  const logits = await started(lab, net, batch, batch);
  const weights = tensors(await lab.weights(STUDENT));
  const losses = [];
  for (let step = 0; step < steps; step += 1) {
    const { events } = await lab.advance(3_600_000, 1);
    losses.push(events.find(({ type, model }) => type === 'step' && model === STUDENT).loss.total);
  }
  lab.stop();
  return {
    net,
    batch,
    weights,
    losses,
    ...digitsOf(lab, batch),
    targets: softened(logits, TEMPERATURE),
    temperature: TEMPERATURE,
    hardWeight: HARD_WEIGHT,
    learningRate: LEARNING_RATE,
    epsilon: EPSILON,
    parameters: Object.values(weights).reduce((sum, { values }) => sum + values.length, 0),
    // Forward once, backward twice, a multiplication and an addition each.
    flopsPerStep: 6 * multiplications * batch,
  };
}
