// jax-js: the whole training step, gradients and Adam, is one jitted function, as its README advises. Arrays are
// counted references: passing one gives it away, `.ref` keeps it.

import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { PASSES } from './passes/jax-js.mjs';

const BETA_1 = 0.9;
const BETA_2 = 0.999;

export async function prepare(backend) {
  const device = backend === 'cpu' ? 'wasm' : 'webgpu';
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`jax-js has no ${device} device here`);
  defaultDevice(device);
}

const array = (values, shape) => np.array(values).reshape(shape);

const crossEntropy = (targets, logits) => nn.logSoftmax(logits, -1).mul(targets).sum(-1).mean().mul(-1);

export async function create(work) {
  const { batch, temperature, hardWeight, learningRate, epsilon } = work;
  const [[kind, sizes]] = Object.entries(work.net);
  const pixels = array(work.pixels, [batch, 784]);
  const labels = array(work.labels, [batch, 10]);
  const targets = array(work.targets, [batch, 10]);
  const eachOf = (make) =>
    Object.fromEntries(Object.entries(work.weights).map(([name, entry]) => [name, make(entry)]));
  let weights = eachOf(({ values, shape }) => array(values, shape));
  const zeros = () => eachOf(({ shape }) => np.zeros(shape));
  let first = zeros();
  let second = zeros();
  // β to the power of the steps taken, for the bias corrections; they live on the device like all the rest.
  let powers = np.array([1, 1]);

  const total = (params, x, y, soft) => {
    const logits = PASSES[kind](params, x, sizes);
    const hard = crossEntropy(y, logits.ref).mul(hardWeight);
    const softened = crossEntropy(soft, logits.mul(1 / temperature));
    return hard.add(softened.mul((1 - hardWeight) * temperature ** 2));
  };
  const train = jit((params, m, v, decays, x, y, soft) => {
    const [loss, gradients] = valueAndGrad(total)(tree.ref(params), x, y, soft);
    const decayed = decays.mul(np.array([BETA_1, BETA_2]));
    const corrections = np.array([1, 1]).sub(decayed.ref);
    const [c1, c2] = [corrections.ref.slice(0), corrections.slice(1)];
    const each = tree.map;
    const newM = each((old, g) => old.mul(BETA_1).add(g.mul(1 - BETA_1)), m, tree.ref(gradients));
    const newV = each((old, g) => old.mul(BETA_2).add(np.square(g).mul(1 - BETA_2)), v, gradients);
    const updated = each(
      (w, a, b) =>
        w.sub(
          a
            .div(c1.ref)
            .mul(learningRate)
            .div(np.sqrt(b.div(c2.ref)).add(epsilon)),
        ),
      params,
      tree.ref(newM),
      tree.ref(newV),
    );
    c1.dispose();
    c2.dispose();
    return [loss, updated, newM, newV, decayed];
  });

  let last = null;
  let value = Number.NaN;
  return {
    async steps(count) {
      for (let step = 0; step < count; step += 1) {
        last?.dispose();
        [last, weights, first, second, powers] = train(
          weights,
          first,
          second,
          powers,
          pixels.ref,
          labels.ref,
          targets.ref,
        );
      }
      [value] = await last.ref.data();
      return count;
    },
    loss: () => value,
    dispose() {
      for (const held of [pixels, labels, targets, weights, first, second, powers]) tree.dispose(held);
      last?.dispose();
      train.dispose();
    },
  };
}
