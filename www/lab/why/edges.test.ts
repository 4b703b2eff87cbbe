import { expect, it } from 'vitest';
import type { Config } from '../../engine/generated/types';
import { apartAt, disagreements, edgesOf } from './edges';

it('edges are those of teachers and of models that others are made of', () => {
  const models = {
    teacher: { net: {} },
    student: { net: {}, learns_from: [{ model: 'teacher' }] },
    small: { net: {}, init: { derive: { from: 'student', by: 'copy' } } },
    parity: { net: {}, tasks: [{ task: 'parity' }], learns_from: [{ model: 'teacher' }] },
  };
  expect(edgesOf({ version: 1, models } as unknown as Config)).toEqual([
    { source: 'teacher', learner: 'student', isTaught: true },
    { source: 'student', learner: 'small', isTaught: false },
  ]);
});

it('disagreements are told by who is right', () => {
  const found = disagreements(
    Uint8Array.of(1, 2, 3, 4),
    Uint8Array.of(1, 5, 6, 7),
    Uint8Array.of(1, 2, 6, 9),
  );
  expect(found).toEqual({ a: [1], b: [2], neither: [3] });
});

it('two that are the same agree on all and are nothing apart', () => {
  const logits = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i));
  expect(apartAt(logits, logits, 4)).toEqual({ agreeing: 2, digits: 2, nats: 0 });
  expect(apartAt(new Float32Array(), new Float32Array(), 4)).toBeNull();
});
