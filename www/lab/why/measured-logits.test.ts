import { expect, it, vi } from 'vitest';
import type { Digit } from '../../engine/messages';
import { MeasuredLogits } from './measured-logits.svelte';
import type { MeasuredSet } from './measured-set';

const SET: MeasuredSet = { split: 'train', first: 100, count: 600, isTest: false, name: 'train 100 600' };

function source() {
  const weights = { student: 'student 1', other: null as string | null };
  return {
    weights,
    weightsName: (model: string) => weights[model as keyof typeof weights] ?? null,
    digits: vi.fn(
      async (_: string, indices: readonly number[]): Promise<Digit[]> =>
        indices.map((index) => ({ pixels: new Uint8Array(), label: index % 10 })),
    ),
    logits: vi.fn(async (_model: string, _split: string, indices: readonly number[]) =>
      Float32Array.from(indices.flatMap((index) => Array.from({ length: 10 }, (_, i) => index + i))),
    ),
  };
}

it('labels and logits are those of the set, in its order, and asked for once a weights’ name', async () => {
  const models = source();
  const measured = new MeasuredLogits(models);
  await measured.go([{ name: 'student', epoch: 1 }], SET);
  expect([...measured.labels!.slice(0, 3)]).toEqual([0, 1, 2]);
  const answers = measured.answers.get('student')!;
  expect([answers.logits.length, answers.logits[0], answers.logits.at(-1), answers.epoch]).toEqual([
    6000, 100, 708, 1,
  ]);
  const asked = models.logits.mock.calls.length;
  await measured.go([{ name: 'student', epoch: 1 }], SET);
  expect(models.logits.mock.calls.length).toBe(asked);
  expect(measured.isRunning).toBe(false);

  models.weights.student = 'student 2';
  await measured.go([{ name: 'student', epoch: 2 }], SET);
  expect(models.logits.mock.calls.length).toBe(2 * asked);
  expect(measured.answers.get('student')!.epoch).toBe(2);
});

it('a model without weights is left out, and another set forgets what was known', async () => {
  const models = source();
  const measured = new MeasuredLogits(models);
  await measured.go(
    [
      { name: 'student', epoch: 0 },
      { name: 'other', epoch: 0 },
    ],
    SET,
  );
  expect([...measured.answers.keys()]).toEqual(['student']);
  await measured.go([], { ...SET, first: 0, name: 'train 0 600' });
  expect([measured.answers.size, measured.labels!.length]).toEqual([0, 600]);
});

it('what is asked later takes the place of what was asked before, and a failure is told', async () => {
  const models = source();
  const measured = new MeasuredLogits(models);
  const first = measured.go([{ name: 'student', epoch: 0 }], SET);
  const second = measured.go([{ name: 'student', epoch: 0 }], { ...SET, count: 10, name: 'train 100 10' });
  await Promise.all([first, second]);
  expect(measured.labels!.length).toBe(10);

  models.weights.student = 'student 3';
  models.logits.mockRejectedValueOnce({ code: 'engine', message: 'lost', problems: [] });
  await measured.go([{ name: 'student', epoch: 0 }], { ...SET, count: 10, name: 'train 100 10' });
  expect(measured.failure).toMatchObject({ code: 'engine' });
  expect(measured.isRunning).toBe(false);
});

it('of what is asked for meanwhile the last waits, and what is under way comes to its end', async () => {
  const models = source();
  const measured = new MeasuredLogits(models);
  const first = measured.go([{ name: 'student', epoch: 1 }], SET);
  for (const epoch of [2, 3]) {
    models.weights.student = `student ${epoch}`;
    await measured.go([{ name: 'student', epoch }], SET);
  }
  await first;
  expect(measured.answers.get('student')).toMatchObject({ epoch: 3, weights: 'student 3' });
  expect(models.digits).toHaveBeenCalledTimes(3);
});
