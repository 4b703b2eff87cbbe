// Shortened races, by the hash that sets them.

// Measured on the first test digits, which are there at once; the validation digits come with a later sheet.
const RECIPE = '#recipe=first-race&data.evaluate_on="test"';

/** 2 epochs of 10 steps a model, measured on 500 digits: a second on the CPU. */
export const SHORT = `${RECIPE}&transfer_set.digits=640&training.epochs=2&training.batch_size=64&data.evaluated=500&view.engine=cpu`;

/** Long enough that something can happen in the middle of it: some seconds on the CPU. */
export const LONG = `${RECIPE}&transfer_set.digits=4000&training.epochs=4&training.batch_size=64&data.evaluated=1000&view.engine=cpu`;

/**
 * 16 steps in all, for SwiftShader, which emulates a graphics card at about 0.3 s a step. As many digits are measured as are
 * in a batch, since shaders are compiled for every number of digits anew.
 */
export const TINY_WEBGPU = `${RECIPE}&transfer_set.digits=256&training.epochs=2&training.batch_size=64&data.evaluated=64&view.engine=webgpu`;

/** The same race as a config, for the page's API. */
export const SHORT_CONFIG = {
  version: 1,
  seed: 3,
  data: { evaluated: 500 },
  transfer_set: { digits: 640 },
  training: { epochs: 2, batch_size: 64, learning_rate: 0.003 },
  models: {
    teacher: { net: { cnn: { dropout: 0.3 } }, init: { pretrained: 'mnist-cnn' } },
    student: { net: { mlp: { hidden: [20] } }, learns_from: [{ model: 'teacher' }] },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
  },
};
