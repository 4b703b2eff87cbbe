// Trains in a worker and tells every event, then the record. A bundler takes `distillery-trainer` for the address.
import init, { Lab } from './node_modules/distillery-trainer/distillery.js';

/** MNIST's four files as they come, unpacked or gzipped. */
const FILES = {
  own: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  own_test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
};

const CONFIG = {
  version: 1,
  data: { set: 'own', evaluate_on: 'test', evaluated: 1000 },
  transfer_set: { pictures: 'own', digits: 2000 },
  training: { epochs: 2, batch_size: 64 },
  models: {
    teacher: { net: { mlp: { hidden: [200] } } },
    student: { net: { mlp: { hidden: [20] } }, learns_from: [{ model: 'teacher' }] },
  },
};

const fetched = async (name) =>
  new Uint8Array(await (await fetch(new URL(`data/${name}`, import.meta.url))).arrayBuffer());

try {
  await init();
  const lab = await Lab.create('cpu', false);
  for (const [split, names] of Object.entries(FILES)) {
    const [images, labels] = await Promise.all(names.map(fetched));
    lab.addOwn(split, images, labels, []);
  }
  lab.start(CONFIG);
  for (let isFinished = false; !isFinished; ) {
    const { events, finished } = await lab.advance(50, 0);
    postMessage({ events });
    isFinished = finished;
  }
  postMessage({ record: lab.record() });
} catch (failure) {
  postMessage({ failure });
}
