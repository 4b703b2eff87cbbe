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

/** Every soft term, by a name of its own. */
export const SOFT_TERMS = {
  'cross-entropy': 'cross_entropy',
  kl: 'kl',
  'logit-mse': 'logit_mse',
  decoupled: { decoupled: {} },
  'reverse-kl': 'reverse_kl',
  'jensen-shannon': { jensen_shannon: { beta: 0.3 } },
  'teacher-labels': 'teacher_labels',
};
const tasks = [{ task: 'digit' }, { task: 'parity' }];
// Logits at once: the loss is what is looked at.
const linear = { mlp: { hidden: [] } };
const descent = { optimiser: { sgd: {} }, learning_rate: 0.05 };

/** Students by one soft term that differ in what else a loss may meet, by what that is. */
function studentsBy(soft) {
  const student = (objective, more) => ({
    net: linear,
    learns_from: [{ model: 'teacher' }],
    objective: { hard_weight: 0.3, temperature: 2, soft, ...objective },
    ...more,
  });
  const smoothed = { label_smoothing: 0.1 };
  const set = { digits: 16, unlabelled: 0.5 };
  const looksAtProbabilities = soft !== 'logit_mse' && soft !== 'teacher_labels';
  const needsLabels = soft.decoupled !== undefined;
  return {
    plain: student({}),
    // Its targets do not sum to 1.
    smoothed: student({
      ...smoothed,
      t_squared: false,
      ...(looksAtProbabilities && { ablation: 'confidence_only' }),
    }),
    // Told without a weight as yet.
    early: student({ soft_weight: { step: { from: 0, to: 0.7, at: 0.9 } } }),
    ...(!needsLabels && { unlabelled: student(smoothed, { transfer_set: set }) }),
    // A target of two labels, and pictures that no engine has kept.
    ...(!needsLabels && { mixed: student(smoothed, { transfer_set: { ...set, mixup_alpha: 1 } }) }),
    tasks: student(smoothed, { tasks, ...(!needsLabels && { transfer_set: set }) }),
    // A batch of one digit asks one of the tasks alone.
    alone: student(
      {},
      { tasks, transfer_set: { digits: 1 }, training: { ...descent, epochs: 1, batch_size: 1 } },
    ),
  };
}

/** A race of students by every soft term, a step or two each. */
export const LOSSES = {
  version: 1,
  seed: 8,
  data: { evaluated: 10 },
  transfer_set: { digits: 16 },
  training: { ...descent, epochs: 1, batch_size: 16 },
  models: {
    // Learns more than its students, so that they are far apart.
    teacher: {
      net: linear,
      tasks,
      transfer_set: { digits: 64 },
      training: { ...descent, epochs: 2, batch_size: 32, learning_rate: 0.1 },
    },
    ...Object.fromEntries(
      Object.entries(SOFT_TERMS).flatMap(([term, soft]) =>
        Object.entries(studentsBy(soft)).map(([name, student]) => [`${term}-${name}`, student]),
      ),
    ),
  },
};
