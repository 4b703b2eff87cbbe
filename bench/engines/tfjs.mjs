// TensorFlow.js: eager tensors, gradients by tape. Written as its guide says: variables, `optimizer.minimize`, which
// tidies by itself, and the library's own softmax cross-entropy.

import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { laidOut, PASSES } from './passes/tfjs.mjs';

/** Makes its backend ready; `wasm` holds the folder of its own wasm files. */
export async function prepare(backend) {
  setWasmPaths('/tfjs-wasm/');
  const wanted = backend === 'cpu' ? 'wasm' : 'webgpu';
  if (!(await tf.setBackend(wanted))) throw new Error(`tfjs has no ${wanted} backend here`);
  await tf.ready();
}

export async function create(work) {
  const { batch, temperature, hardWeight, learningRate } = work;
  const [[kind, sizes]] = Object.entries(work.net);
  const params = tf.tidy(() =>
    Object.fromEntries(
      Object.entries(work.weights).map(([name, entry]) => [
        name,
        tf.variable(laidOut(name, entry, work.weights)),
      ]),
    ),
  );
  const pixels = tf.tensor(work.pixels, [batch, 784]);
  const labels = tf.tensor2d(work.labels, [batch, 10]);
  const targets = tf.tensor2d(work.targets, [batch, 10]);
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, work.epsilon);
  const variables = Object.values(params);
  const total = () => {
    const logits = PASSES[kind](params, pixels, sizes);
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
