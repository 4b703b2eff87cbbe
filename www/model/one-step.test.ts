import { describe, expect, it } from 'vitest';
import type { Config, Model } from '../engine/generated/types';
import { mixAt } from './digit-loss';
import {
  firstWeightsOf,
  MOST_STEPS,
  mixNow,
  obstacleOf,
  rateNow,
  steadyNet,
  steppingModels,
  stepsOf,
} from './one-step';

const SMALL = { mlp: { hidden: [8] } };
const TAUGHT = {
  net: SMALL,
  learns_from: [{ model: 'teacher', weight: 1 }],
  objective: { hard_weight: { linear: { from: 1, to: 0 } }, soft: 'kl', temperature: 4, t_squared: true },
};

function configOf(models: Record<string, unknown>): Config {
  const training = {
    epochs: 3,
    batch_size: 64,
    optimiser: { sgd: { momentum: 0 } },
    learning_rate: 0.1,
    weight_decay: 0,
  };
  return {
    version: 1,
    seed: 7,
    data: {},
    transfer_set: { digits: 100 },
    training,
    models,
  } as unknown as Config;
}

const CONFIG = configOf({
  teacher: { net: { cnn: { dropout: 0.3 } }, init: { pretrained: 'mnist-cnn' } },
  student: TAUGHT,
  control: { net: { same_as: 'student' }, init: { same_as: 'student' } },
});
const NOTHING = { trained: new Set<string>(), hasBegun: false };
const BYTES = new Uint8Array([1]);

describe('which models can be shown', () => {
  it('lists those that learn digits here', () => {
    expect(steppingModels(CONFIG)).toEqual(['student', 'control']);
    const frozen = { net: SMALL, init: { derive: { from: 'student', by: 'copy', frozen: true } } };
    expect(steppingModels(configOf({ student: TAUGHT, frozen }))).toEqual(['student']);
  });

  it('waits for whoever has to be trained first, and says what it cannot show', () => {
    expect(obstacleOf(CONFIG, 'student', NOTHING)).toBeNull();
    const chain = configOf({ teacher: { net: SMALL }, student: TAUGHT });
    expect(obstacleOf(chain, 'student', NOTHING)).toEqual({ why: 'not_trained', model: 'teacher' });
    expect(obstacleOf(chain, 'student', { ...NOTHING, trained: new Set(['teacher']) })).toBeNull();
    const late = configOf({
      first: { net: SMALL },
      late: { net: SMALL, init: { derive: { from: 'first', by: 'copy' } } },
    });
    expect(obstacleOf(late, 'late', NOTHING)).toEqual({ why: 'not_trained', model: 'first' });
    expect(obstacleOf(late, 'late', { ...NOTHING, hasBegun: true })).toBeNull();
    const why = (model: unknown) => obstacleOf(configOf({ model }), 'model', NOTHING)?.why;
    expect(why({ net: SMALL, compress: [{ quantise: { bits: 4 } }] })).toBe('held_small');
    expect(why({ net: SMALL, tasks: [{ task: 'digit' }, { task: 'parity' }] })).toBe('several_tasks');
    expect(why({ net: SMALL, replaces: { model: 'other' } })).toBe('replaces');
  });
});

it('has the first weights of the model whose start a model has', () => {
  const { experiment, name } = firstWeightsOf({ config: CONFIG, model: 'control', digits: 8 });
  expect(name).toBe('student');
  expect(experiment.config.seed).toBe(7);
  expect(Object.entries(experiment.config.models).map(([key, { net, init }]) => [key, net, init])).toEqual([
    ['student', SMALL, undefined],
  ]);
});

it('makes an experiment of one step an epoch, with the numbers of now', () => {
  const mix = mixAt(CONFIG.models.student!, 0.25);
  const spec = { config: CONFIG, model: 'student', digits: 8, mix, rate: 0.05, progress: 0.25 };
  const { experiment, start } = stepsOf(spec, BYTES, new Map());
  const { config, checkpoints } = experiment;
  expect(config.transfer_set).toMatchObject({ pictures: 'own', digits: 8 });
  expect(Object.keys(config.models)).toEqual(['teacher', start, 'student']);
  expect(checkpoints).toEqual([{ name: `step ${start}`, net: SMALL, bytes: BYTES }]);
  const { student, teacher } = config.models as Record<string, Model>;
  expect(teacher!.init).toEqual({ pretrained: 'mnist-cnn' });
  expect(student!.init).toEqual({ derive: { from: start, by: 'copy' } });
  expect(student!.training).toMatchObject({
    epochs: MOST_STEPS,
    batch_size: 8,
    learning_rate: 0.05,
    optimiser: { sgd: {} },
  });
  expect(student!.objective).toMatchObject({
    hard_weight: 0.75,
    soft_weight: 0.25,
    temperature: 4,
    soft: 'kl',
  });
});

it('gives teachers that the race has trained along, and finds a free name', () => {
  const config = configOf({
    start: { net: SMALL },
    student: { ...TAUGHT, learns_from: [{ model: 'start', weight: 1 }] },
  });
  const spec = {
    config,
    model: 'student',
    digits: 8,
    mix: mixAt(config.models.student!, 0),
    rate: 0.1,
    progress: 0,
  };
  const { experiment, start } = stepsOf(spec, BYTES, new Map([['start', BYTES]]));
  expect(start).not.toBe('start');
  expect(experiment.checkpoints.map(({ name }) => name)).toEqual([`step ${start}`, 'step start']);
  expect(experiment.config.models.start!.init).toEqual({ pretrained: 'step start' });
});

it('leaves out what is left out at random, and takes the first rate after the last step', () => {
  expect(steadyNet({ mlp: { hidden: [8], dropout: 0.5, input_dropout: 0 } } as never)).toEqual({
    net: { mlp: { hidden: [8], input_dropout: 0 } },
    isChanged: true,
  });
  expect(steadyNet(SMALL as never)).toEqual({ net: SMALL, isChanged: false });
  const training = { learning_rate: { cosine: { from: 0.01, to: 0 } } } as never;
  expect([0, 0.5, 1].map((progress) => rateNow(training, progress))).toEqual([
    0.01,
    expect.closeTo(0.005, 12),
    0.01,
  ]);
});

it('has no labels to learn from where they are no digits', () => {
  const spec = CONFIG.models.student!;
  expect(mixNow(spec, 0, true).hardWeight).toBe(1);
  expect(mixNow(spec, 0, false).hardWeight).toBe(0);
});
