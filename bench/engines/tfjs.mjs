// TensorFlow.js: eager tensors, gradients by tape. Written as its guide says: variables, `optimizer.minimize`, which
// tidies by itself, and the library's own softmax cross-entropy.

import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';

/** Makes its backend ready; `wasm` holds the folder of its own wasm files. */
export async function prepare(backend) {
  setWasmPaths('/tfjs-wasm/');
  const wanted = backend === 'cpu' ? 'wasm' : 'webgpu';
  if (!(await tf.setBackend(wanted))) throw new Error(`tfjs has no ${wanted} backend here`);
  await tf.ready();
}

/** Pictures are `[digit, row, column, channel]` here, so kernels and what follows the flattening are turned round. */
function laidOut({ layers, net }) {
  return layers.map(({ weight, bias }, index) => {
    let kernel = tf.tensor(weight.values, weight.shape);
    if (weight.shape.length === 4) {
      kernel = tf.transpose(kernel, [2, 3, 1, 0]);
    } else if (index > 0 && layers[index - 1].weight.shape.length === 4) {
      const [from, to] = weight.shape;
      const channels = layers[index - 1].weight.shape[0];
      const side = Math.sqrt(from / channels);
      const cube = tf.reshape(kernel, [channels, side, side, to]);
      kernel = tf.reshape(tf.transpose(cube, [1, 2, 0, 3]), [from, to]);
    }
    return { kernel: tf.variable(kernel), bias: tf.variable(tf.tensor1d(bias.values)), net };
  });
}

function forward(layers, pixels) {
  let values = pixels;
  layers.forEach(({ kernel, bias }, index) => {
    if (kernel.rank === 4) {
      values = tf.relu(tf.maxPool(tf.add(tf.conv2d(values, kernel, 1, 'valid'), bias), 2, 2, 'valid'));
      return;
    }
    if (values.rank === 4) values = tf.reshape(values, [values.shape[0], -1]);
    values = tf.add(tf.matMul(values, kernel), bias);
    if (index + 1 < layers.length) values = tf.relu(values);
  });
  return values;
}

export async function create(work) {
  const { batch, temperature, hardWeight, learningRate } = work;
  const layers = tf.tidy(() => laidOut(work).map((layer) => ({ ...layer })));
  const shape = layers[0].kernel.rank === 4 ? [batch, 28, 28, 1] : [batch, 784];
  const pixels = tf.tensor(work.pixels, shape);
  const labels = tf.tensor2d(work.labels, [batch, 10]);
  const targets = tf.tensor2d(work.targets, [batch, 10]);
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, work.epsilon);
  const variables = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const total = () => {
    const logits = forward(layers, pixels);
    const hard = tf.losses.softmaxCrossEntropy(labels, logits);
    const soft = tf.losses.softmaxCrossEntropy(targets, tf.div(logits, temperature));
    return tf.add(tf.mul(hard, hardWeight), tf.mul(soft, (1 - hardWeight) * temperature ** 2));
  };
  let last = null;
  let value = Number.NaN;
  return {
    async steps(count) {
      for (let step = 0; step < count; step += 1) {
        last?.dispose();
        last = optimizer.minimize(total, true, variables);
      }
      [value] = await last.data();
      return count;
    },
    loss: () => value,
    dispose() {
      optimizer.dispose();
      tf.dispose([...variables, pixels, labels, targets, last].filter(Boolean));
    },
  };
}
