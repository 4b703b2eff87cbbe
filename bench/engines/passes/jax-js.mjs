// Forward passes in jax-js, by kind of network: logits `[n, 10]` of pixels `[n, 784]`, of parameters by name. Arrays are
// counted references: passing one gives it away, `.ref` keeps it.

import { lax, nn, numpy as np } from '@jax-js/jax';

const SIDE = 28;
const TOKENS = 16;

const linear = (params, path, values) =>
  np.matmul(values, params[`${path}weight`]).add(params[`${path}bias`]);

/** Layers from the first that is no convolution on. */
function dense(params, first, values) {
  let layer = first;
  let result = values;
  for (; params[`layers.${layer}.weight`]; layer += 1) {
    result = linear(params, `layers.${layer}.`, result);
    if (params[`layers.${layer + 1}.weight`]) result = nn.relu(result);
  }
  return result;
}

const mlp = (params, pixels) => dense(params, 0, pixels);

function pooled(pictures) {
  const [digits, channels, rows, columns] = pictures.shape;
  return np.max(pictures.reshape([digits, channels, rows / 2, 2, columns / 2, 2]), [3, 5]);
}

function cnn(params, pixels) {
  const n = pixels.shape[0];
  let pictures = pixels.reshape([n, 1, SIDE, SIDE]);
  let layer = 0;
  for (; params[`layers.${layer}.weight`].shape.length === 4; layer += 1) {
    const convolved = lax.conv(pictures, params[`layers.${layer}.weight`], [1, 1], 'VALID');
    pictures = nn.relu(pooled(convolved.add(params[`layers.${layer}.bias`].reshape([1, -1, 1, 1]))));
  }
  return dense(params, layer, pictures.reshape([n, -1]));
}

function norm(params, path, values) {
  const centred = values.ref.sub(np.mean(values, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  const scaled = centred.div(np.sqrt(variance.add(1e-5)));
  return scaled.mul(params[`${path}gain`]).add(params[`${path}bias`]);
}

function vit(params, pixels, { depth, heads }) {
  const n = pixels.shape[0];
  const patches = np.transpose(pixels.reshape([n, 4, 7, 4, 7]), [0, 1, 3, 2, 4]).reshape([n, TOKENS, 49]);
  let tokens = linear(params, 'layers.0.', patches).add(params['layers.0.positions']);
  const width = tokens.shape[2];
  const head = width / heads;
  for (let block = 1; block <= depth; block += 1) {
    const path = `layers.${block}.`;
    const normed = norm(params, `${path}attention.norm.`, tokens.ref);
    const all = linear(params, `${path}attention.queries_keys_values.`, normed);
    const parts = np.transpose(all.reshape([n, TOKENS, 3, heads, head]), [2, 0, 3, 1, 4]);
    const [queries, keys, values] = [0, 1, 2].map((part) => (part < 2 ? parts.ref : parts).slice(part));
    const scores = np.matmul(queries, np.transpose(keys, [0, 1, 3, 2])).div(Math.sqrt(head));
    const seen = np.transpose(np.matmul(nn.softmax(scores, -1), values), [0, 2, 1, 3]);
    const attended = linear(params, `${path}attention.output.`, seen.reshape([n, TOKENS, width]));
    tokens = tokens.add(attended);
    const hidden = nn.relu(
      linear(params, `${path}mlp.hidden.`, norm(params, `${path}mlp.norm.`, tokens.ref)),
    );
    tokens = tokens.add(linear(params, `${path}mlp.output.`, hidden));
  }
  const path = `layers.${depth + 1}.`;
  return linear(params, path, np.mean(norm(params, `${path}norm.`, tokens), 1));
}

function rnn(params, pixels, { units }) {
  const n = pixels.shape[0];
  const rows = pixels.reshape([n, SIDE, SIDE]);
  const steps = np.stack([rows.ref, np.flip(rows, 1)], 0);
  const weight = params['layers.0.weight'];
  const bias = np.concatenate([params['layers.0.forget_bias'], params['layers.0.bias']], 2);
  let state = np.zeros([2, n, units]);
  let cell = np.zeros([2, n, units]);
  for (let step = 0; step < SIDE; step += 1) {
    const row = steps.ref.slice([], [], step);
    const sums = np.matmul(np.concatenate([row, state], 2), weight.ref).add(bias.ref);
    const gate = (index) => sums.ref.slice([], [], [index * units, (index + 1) * units]);
    const [forget, input, output] = [0, 1, 2].map((index) => nn.sigmoid(gate(index)));
    const candidate = np.tanh(gate(3));
    sums.dispose();
    cell = forget.mul(cell).add(input.mul(candidate));
    state = output.mul(np.tanh(cell.ref));
  }
  for (const held of [steps, weight, bias, cell]) held.dispose();
  const last = np.transpose(state, [1, 0, 2]).reshape([n, 2 * units]);
  return linear(params, 'layers.1.', last);
}

export const PASSES = { mlp, cnn, vit, rnn };
