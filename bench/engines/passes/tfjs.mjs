// Forward passes in TensorFlow.js, by kind of network: logits `[n, 10]` of pixels `[n, 784]`, of variables by name.

import * as tf from '@tensorflow/tfjs';

const SIDE = 28;
const TOKENS = 16;

const linear = (params, path, values) =>
  tf.add(tf.matMul(values, params[`${path}weight`]), params[`${path}bias`]);

/** Layers from the first that is no convolution on. */
function dense(params, first, values) {
  let layer = first;
  let result = values;
  for (; params[`layers.${layer}.weight`]; layer += 1) {
    result = linear(params, `layers.${layer}.`, result);
    if (params[`layers.${layer + 1}.weight`]) result = tf.relu(result);
  }
  return result;
}

const mlp = (params, pixels) => dense(params, 0, pixels);

/** Pictures are `[digit, row, column, channel]` here; {@link laidOut} has turned the weights accordingly. */
function cnn(params, pixels) {
  const n = pixels.shape[0];
  let pictures = tf.reshape(pixels, [n, SIDE, SIDE, 1]);
  let layer = 0;
  for (; params[`layers.${layer}.weight`].rank === 4; layer += 1) {
    const convolved = tf.conv2d(pictures, params[`layers.${layer}.weight`], 1, 'valid');
    pictures = tf.relu(tf.maxPool(tf.add(convolved, params[`layers.${layer}.bias`]), 2, 2, 'valid'));
  }
  return dense(params, layer, tf.reshape(pictures, [n, -1]));
}

function norm(params, path, values) {
  const { mean, variance } = tf.moments(values, -1, true);
  const scaled = tf.div(tf.sub(values, mean), tf.sqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(scaled, params[`${path}gain`]), params[`${path}bias`]);
}

/** Fully connected, of every token. */
function each(params, path, tokens) {
  const [n, count, width] = tokens.shape;
  return tf.reshape(linear(params, path, tf.reshape(tokens, [n * count, width])), [n, count, -1]);
}

function vit(params, pixels, { depth, heads }) {
  const n = pixels.shape[0];
  const cut = tf.transpose(tf.reshape(pixels, [n, 4, 7, 4, 7]), [0, 1, 3, 2, 4]);
  let tokens = tf.add(
    each(params, 'layers.0.', tf.reshape(cut, [n, TOKENS, 49])),
    params['layers.0.positions'],
  );
  const width = tokens.shape[2];
  const head = width / heads;
  for (let block = 1; block <= depth; block += 1) {
    const path = `layers.${block}.`;
    const normed = norm(params, `${path}attention.norm.`, tokens);
    const all = each(params, `${path}attention.queries_keys_values.`, normed);
    const parts = tf.transpose(tf.reshape(all, [n, TOKENS, 3, heads, head]), [2, 0, 3, 1, 4]);
    const [queries, keys, values] = tf.unstack(parts, 0);
    const scores = tf.div(tf.matMul(queries, keys, false, true), Math.sqrt(head));
    const seen = tf.transpose(tf.matMul(tf.softmax(scores), values), [0, 2, 1, 3]);
    const attended = each(params, `${path}attention.output.`, tf.reshape(seen, [n, TOKENS, width]));
    tokens = tf.add(tokens, attended);
    const hidden = tf.relu(each(params, `${path}mlp.hidden.`, norm(params, `${path}mlp.norm.`, tokens)));
    tokens = tf.add(tokens, each(params, `${path}mlp.output.`, hidden));
  }
  const path = `layers.${depth + 1}.`;
  return linear(params, path, tf.mean(norm(params, `${path}norm.`, tokens), 1));
}

function rnn(params, pixels, { units }) {
  const n = pixels.shape[0];
  const rows = tf.reshape(pixels, [n, SIDE, SIDE]);
  const steps = tf.stack([rows, tf.reverse(rows, 1)]);
  const bias = tf.concat([params['layers.0.forget_bias'], params['layers.0.bias']], 2);
  let state = tf.zeros([2, n, units]);
  let cell = tf.zeros([2, n, units]);
  for (let step = 0; step < SIDE; step += 1) {
    const row = tf.reshape(tf.slice(steps, [0, 0, step, 0], [2, n, 1, SIDE]), [2, n, SIDE]);
    const sums = tf.add(tf.matMul(tf.concat([row, state], 2), params['layers.0.weight']), bias);
    const gate = (index) => tf.slice(sums, [0, 0, index * units], [2, n, units]);
    const [forget, input, output] = [0, 1, 2].map((index) => tf.sigmoid(gate(index)));
    cell = tf.add(tf.mul(forget, cell), tf.mul(input, tf.tanh(gate(3))));
    state = tf.mul(output, tf.tanh(cell));
  }
  return linear(params, 'layers.1.', tf.reshape(tf.transpose(state, [1, 0, 2]), [n, 2 * units]));
}

/** A parameter as this library lays it out. */
export function laidOut(name, { shape, values }, parameters) {
  const tensor = tf.tensor(values, shape);
  if (shape.length === 4) return tf.transpose(tensor, [2, 3, 1, 0]);
  const layer = /^layers\.(\d+)\.weight$/.exec(name)?.[1];
  const below = parameters[`layers.${layer - 1}.weight`];
  if (below?.shape.length !== 4) return tensor;
  const [[from, to], channels] = [shape, below.shape[0]];
  const side = Math.sqrt(from / channels);
  const cube = tf.reshape(tensor, [channels, side, side, to]);
  return tf.reshape(tf.transpose(cube, [1, 2, 0, 3]), [from, to]);
}

export const PASSES = { mlp, cnn, vit, rnn };
