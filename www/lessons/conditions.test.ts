import { describe, expect, it } from 'vitest';
import type { Config } from '../engine/generated/types';
import { DEFAULT_VIEW } from '../model/view';
import { allHold } from './conditions';
import { readFact, type Sources } from './facts';
import { LESSONS } from './list';
import { loadLesson } from './load';

const config = {
  transfer_set: { digits: 1000 },
  training: { epochs: 3 },
  models: { student: { net: { mlp: { hidden: [300, 300] } } } },
} as unknown as Config;

/** A digit 2 that looks like a 3: logits of ln 0.6 and ln 0.3, the others far below. */
const LOGITS = Float32Array.from({ length: 10 }, (_, i) =>
  i === 2 ? Math.log(0.6) : i === 3 ? Math.log(0.3) : -40,
);

const NOTHING: Sources = {
  view: DEFAULT_VIEW,
  recipe: null,
  config: null,
  digit: null,
  race: {
    state: 'ready',
    complete: false,
    epochsEnded: 0,
    config: null,
    measured: () => null,
    compared: () => null,
    verdict: null,
  },
  events: {},
  costs: {},
  kept: {},
};

const SOMETHING: Sources = {
  view: { ...DEFAULT_VIEW, temperature: 8, digit: 5 },
  recipe: 'first-race',
  config,
  digit: { index: 5, label: 2, logits: LOGITS },
  race: {
    state: 'finished',
    complete: true,
    epochsEnded: 3,
    config,
    measured: (model) => ({
      errors: model === 'student' ? 40 : 50,
      evaluated: 5000,
      calibration_error: 0.02,
      teachers_errors: model === 'student' ? 30 : undefined,
    }),
    compared: () => 'better',
    verdict: { kind: 'better', words: 'Better.' },
  },
  costs: {
    student: {
      weights: 900,
      bytes: 3600,
      multiply_adds: 800,
      microseconds_a_digit: null,
      stored: { file_bytes: 1200, nonzero: 300, effective_multiply_adds: 250 },
    },
  },
  events: { epoch: 3 },
  kept: { hot: 2 },
};

describe('each condition fails before and holds after', () => {
  it.each([
    [{ fact: 'view.t', at_least: 8 }],
    [{ fact: 'view.t', above: 7.9 }],
    [{ fact: 'view.digit', is: 5 }],
    [{ fact: 'recipe', is: 'first-race' }],
    [{ fact: 'setting.training.epochs', at_least: 3 }],
    [{ fact: 'setting.transfer_set.digits', at_most: 1000 }],
    [{ fact: 'setting.models.student.net.mlp.hidden', is: '300, 300' }],
    [{ fact: 'race.setting.training.epochs', is: 3 }],
    [{ fact: 'race.state', is: 'finished' }],
    [{ fact: 'race.complete', is: true }],
    [{ fact: 'race.epochs', at_least: 3 }],
    [{ fact: 'race.errors.student', below: 41 }],
    [{ fact: 'race.evaluated.student', is: 5000 }],
    [{ fact: 'race.fewer.student.control', is: 10 }],
    [{ fact: 'race.teachers_errors.student', is: 30 }],
    [{ fact: 'race.calibration.student', is: 0.02 }],
    [{ fact: 'race.bytes.student', is: 1200 }],
    [{ fact: 'cost.weights.student', is: 900 }],
    [{ fact: 'cost.multiply_adds.student', is: 800 }],
    [{ fact: 'race.verdict', is: 'better' }],
    [{ fact: 'race.verdict_of.student.control', is: 'better' }],
    [{ fact: 'digit.label', is: 2 }],
    [{ fact: 'digit.first', is: 2 }],
    [{ fact: 'digit.other', is: 3 }],
    [{ fact: 'digit.share_at_1.3', above: 0.333, below: 0.334 }],
    [{ fact: 'digit.entropy', above: 0.86, below: 0.87 }],
    [{ fact: 'event.epoch', at_least: 3 }],
    [{ fact: 'kept.hot', is: 2 }],
  ])('%o', (condition) => {
    expect(allHold([condition], NOTHING)).toBe(false);
    expect(allHold([condition], SOMETHING)).toBe(true);
  });

  it('below and at most, too', () => {
    expect(allHold([{ fact: 'view.t', below: 8 }], SOMETHING)).toBe(false);
    expect(allHold([{ fact: 'view.t', at_most: 4 }], NOTHING)).toBe(true);
    expect(allHold([{ fact: 'view.t', at_least: 4, below: 8 }], SOMETHING)).toBe(false);
  });
});

it('what is not known stands in no relation', () => {
  expect(readFact('digit.label', NOTHING)).toBeNull();
  expect(allHold([{ fact: 'digit.label', at_least: 0 }], NOTHING)).toBe(false);
  expect(readFact('race.errors.constructor', { ...NOTHING, kept: {} })).toBeNull();
  expect(readFact('cost.weights.constructor', SOMETHING)).toBeNull();
  expect(readFact('race.teachers_errors.control', SOMETHING)).toBeNull();
  expect(readFact('kept.constructor', NOTHING)).toBeNull();
});

it.each(LESSONS.map((name) => [name] as const))('no step of %s is done before anything was', async (name) => {
  const { lesson } = await loadLesson(name);
  const waiting = lesson!.steps.filter((step) => step.kind === 'do');
  for (const { until } of waiting)
    expect(allHold(until, { ...NOTHING, view: { ...DEFAULT_VIEW, temperature: 1 } })).toBe(false);
});
