import { expect, test } from 'vitest';
import type { Advance, EpochMeasures, Event, Warning } from '../engine/generated/types';
import { Run } from './run.svelte';

const BROKEN: Warning = { code: 'loss_not_finite', term: 'total', step: 7, learning_rate: 10 };

const measures = (epoch: number, errors: number): EpochMeasures => ({
  epoch,
  step: epoch * 10,
  errors,
  evaluated: 10_000,
  errors_interval: [errors - 1, errors + 1],
  loss: null,
  agreement: null,
  calibration_error: 0,
  validation_errors: null,
  elapsed_ms: 1,
});

const cost = { weights: 1, bytes: 4, multiply_adds: 1 };
const started: Event = {
  type: 'started',
  session: 1,
  digest: '',
  models: [
    {
      name: 'student',
      cost,
      tasks: ['digit'],
      learns_from: [],
      pretrained: false,
      steps: 40,
      epochs: 4,
    },
  ],
};
const epoch = (number: number, errors: number): Event => ({
  type: 'epoch',
  session: 1,
  model: 'student',
  measures: measures(number, errors),
});
const stored = { file_bytes: 3, nonzero: 1, effective_multiply_adds: 1 };
const done = (model: string): Event => ({
  type: 'model_done',
  session: 1,
  model,
  ended: 'all_epochs',
  stored,
});
const step = (number: number): Event => ({
  type: 'step',
  session: 1,
  model: 'student',
  step: number,
  epoch: 1,
  loss: { hard: 1, soft: null, total: 1 },
  learning_rate: 0.1,
  temperature: null,
  hard_weight: null,
});
const advance = (steps_done: number, ...events: Event[]): Advance => ({
  events,
  steps_done,
  steps_total: 40,
  remaining_ms: 10 * (40 - steps_done),
  finished: false,
});

/** One call of `advance`, shown at once. */
function apply(run: Run, brought: Advance, elapsedMs: number): boolean {
  run.bring(brought, elapsedMs);
  return run.show();
}

test('events become measures by epoch, losses on the axis of epochs, and time left', () => {
  const run = new Run();
  expect(run.remainingMs).toBeNull();
  expect(apply(run, advance(5, started, step(5)), 100)).toBe(false);
  expect(run.remainingMs).toBe(350);
  expect(run.losses.student?.[0]?.epoch).toBe(0.5);
  expect(run.epochUnderWay).toBe(1);
  expect(apply(run, advance(10, step(10), epoch(1, 300)), 100)).toBe(true);
  expect(run.latest('student')?.errors).toBe(300);
  expect(run.epochUnderWay).toBe(2);
  apply(run, advance(20, step(20)), 100);
  apply(run, advance(30, step(30)), 100);
  expect(run.remainingMs).toBe(100);
});

test('a new worker goes on where the kept state ends, and so does the picture', () => {
  const run = new Run();
  apply(run, advance(10, started, step(10), epoch(1, 300)), 100);
  run.keep();
  apply(run, advance(15, step(15)), 50);
  run.rewind();
  expect(run.losses.student).toHaveLength(1);
  expect([run.stepsDone, run.elapsedMs, run.epochsEnded]).toEqual([10, 100, 1]);
});

test('without a kept state the picture begins anew', () => {
  const run = new Run();
  apply(run, advance(5, started, step(5)), 100);
  run.rewind();
  expect(run.losses).toEqual({});
  expect(run.stepsDone).toBe(0);
});

test('warnings stay, and the end is known from the last event', () => {
  const run = new Run();
  apply(run, advance(5, started, { type: 'warning', session: 1, model: null, warning: BROKEN }), 1);
  expect(run.warnings).toEqual([{ model: null, warning: BROKEN }]);
  expect(run.isComplete).toBe(false);
  apply(run, advance(40, { type: 'done', session: 1, comparisons: [], digest: '' }), 1);
  expect(run.isComplete).toBe(true);
});

test('a model’s time and file are told with what it takes, and forgotten with what was not kept', () => {
  const run = new Run();
  apply(run, advance(5, started), 1);
  run.keep();
  expect(run.costs).toEqual({ student: { ...cost, microseconds_a_digit: null, stored: null } });
  apply(run, advance(40, { type: 'timed', session: 1, model: 'student', microseconds_a_digit: 2.5 }), 1);
  apply(run, advance(40, done('student')), 1);
  expect(run.costs.student).toEqual({ ...cost, microseconds_a_digit: 2.5, stored });
  run.rewind();
  expect(run.costs.student).toEqual({ ...cost, microseconds_a_digit: null, stored: null });
});

test('in a chain the epoch under way is that of the model in training, each with its own progress', () => {
  const run = new Run();
  const second = {
    name: 'second',
    cost,
    tasks: ['digit' as const],
    learns_from: ['student'],
    pretrained: false,
    steps: 40,
    epochs: 4,
  };
  const begun: Event = { ...started, models: [...started.models, second] };
  apply(run, advance(40, begun, step(40), epoch(4, 200), done('student')), 1);
  expect([run.progressOf('student'), run.progressOf('second')]).toEqual([1, null]);
  run.keep();
  apply(run, advance(50, { ...step(10), model: 'second' } as Event), 1);
  expect(run.progressOf('second')).toBe(0.25);
  expect(run.epochUnderWay).toBe(1);
  apply(run, advance(80, done('second')), 1);
  run.rewind();
  expect([...run.trained]).toEqual(['student']);
});

test('a model that early stop has ended says after which epoch, and its curves stand there', () => {
  const run = new Run();
  apply(run, advance(20, started, step(10), epoch(1, 300), step(20), epoch(2, 310)), 1);
  apply(run, advance(20, { ...done('student'), ended: 'patience_spent' } as Event), 1);
  expect([...run.endedEarly]).toEqual(['student']);
  expect([run.latest('student')?.epoch, run.epochsOf('student')]).toEqual([2, 4]);
  expect(run.progressOf('student')).toBe(0.5);
  const whole = new Run();
  apply(whole, advance(40, started, step(40), epoch(4, 300)), 1);
  apply(whole, advance(40, done('student')), 1);
  expect([...whole.endedEarly]).toEqual([]);
  expect(whole.progressOf('student')).toBe(1);
});

test('what was measured of broken weights is no measure of a model that stopped', () => {
  const run = new Run();
  const loss = (total: number | null) => ({ hard: total, soft: null, total });
  const measured = (number: number, errors: number, total: number | null): Event => ({
    type: 'epoch',
    session: 1,
    model: 'student',
    measures: { ...measures(number, errors), loss: loss(total) },
  });
  apply(run, advance(20, started, epoch(0, 9_000), measured(1, 300, 0.2), measured(2, 9_020, null)), 1);
  expect(run.soundMeasures('student')).toHaveLength(3);
  apply(run, advance(20, { type: 'warning', session: 1, model: 'student', warning: BROKEN }), 1);
  expect(run.soundMeasures('student').map(({ errors }) => errors)).toEqual([9_000, 300]);
  expect(run.stoppedBy('student')?.warning.code).toBe('loss_not_finite');
  expect(run.stoppedBy('control')).toBeNull();
});

test('a model called constructor has no measures, losses or weights before it has', () => {
  const run = new Run();
  expect([run.latest('constructor'), run.progressOf('constructor'), run.stoppedBy('constructor')]).toEqual([
    null,
    null,
    null,
  ]);
  const models = [{ ...(started as Extract<Event, { type: 'started' }>).models[0]!, name: 'constructor' }];
  const own: Event[] = [
    { ...started, models } as Event,
    { ...step(10), model: 'constructor' } as Event,
    { ...epoch(1, 300), model: 'constructor' } as Event,
  ];
  apply(run, advance(10, ...own), 1);
  expect(run.latest('constructor')?.errors).toBe(300);
  expect(run.progressOf('constructor')).toBe(0.25);
});

test('what has been brought is shown together, and once; a rewind takes it with it', () => {
  const run = new Run();
  run.bring(advance(10, started, step(10), epoch(1, 300)), 100);
  run.bring(advance(20, step(20)), 50);
  expect([run.stepsDone, run.elapsedMs]).toEqual([0, 0]);
  expect(run.show()).toBe(true);
  expect([run.stepsDone, run.elapsedMs, run.remainingMs]).toEqual([20, 150, 200]);
  expect(run.losses.student?.map(({ epoch: at }) => at)).toEqual([1, 2]);
  run.isWaiting = true;
  expect(run.show()).toBe(false);
  expect([run.elapsedMs, run.isWaiting]).toEqual([150, true]);
  run.bring(advance(30, step(30), epoch(2, 200)), 100);
  run.rewind();
  expect(run.show()).toBe(false);
  expect(run.stepsDone).toBe(0);
});
