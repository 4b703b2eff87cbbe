// Tiny experiments that between them touch every part of the training step: tens of steps in all.

const data = { evaluated: 200 };
const training = { epochs: 2, batch_size: 64 };
const digits = 256;

/** Dropout, jitter and Adam; a shipped teacher; a control with the same start. */
export const DROPOUT_JITTER_ADAM = {
  version: 1,
  seed: 5,
  data,
  transfer_set: { digits, jitter_px: 2 },
  training: { ...training, optimiser: { adam: {} }, learning_rate: { cosine: { from: 0.003, to: 0 } } },
  models: {
    teacher: { net: { cnn: { channels: [12, 24], hidden: [96] } }, init: { pretrained: 'mnist-cnn' } },
    student: {
      net: { mlp: { hidden: [24], dropout: 0.2, input_dropout: 0.1 } },
      learns_from: [{ model: 'teacher' }],
      objective: { hard_weight: 0.2, temperature: { linear: { from: 6, to: 2 } } },
    },
    control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
  },
};

/** Descent with momentum and weight decay; two teachers, one of them trained here, averaged with unequal weights. */
export const MOMENTUM_TWO_TEACHERS = {
  version: 1,
  seed: 6,
  data,
  transfer_set: { digits, leave_out: [3] },
  training: { ...training, optimiser: { sgd: { momentum: 0.9 } }, learning_rate: 0.05, weight_decay: 0.001 },
  models: {
    old: { net: { cnn: { channels: [12, 24], hidden: [96] } }, init: { pretrained: 'mnist-cnn' } },
    young: { net: { mlp: { hidden: [32] } } },
    student: {
      net: { mlp: { hidden: [16, 16] } },
      learns_from: [{ model: 'old', weight: 2 }, { model: 'young' }],
      combine: 'mean_of_logits',
      objective: { hard_weight: 0.3, temperature: 3 },
    },
  },
};

/** Convolutions forwards and backwards. */
export const CONVOLUTIONS = {
  version: 1,
  seed: 7,
  data,
  transfer_set: { digits },
  training: { ...training, learning_rate: 0.002 },
  models: { solo: { net: { cnn: { channels: [4, 8], kernel: 3, hidden: [16] } } } },
};

export const CONFIGS = {
  'dropout, jitter, Adam': DROPOUT_JITTER_ADAM,
  'momentum, weight decay, two teachers': MOMENTUM_TWO_TEACHERS,
  convolutions: CONVOLUTIONS,
};
