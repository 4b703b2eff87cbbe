import { describe, expect, it } from 'vitest';

import { Predictions } from './predictions.svelte';

function setUp() {
  const asked: string[] = [];
  const models = {
    hasWeights: (model: string) => model === 'teacher',
    centre: async (ink: Uint8Array | Float32Array) =>
      ink.some((value) => value > 0) ? new Float32Array(784).fill(0.5) : null,
    logitsOfPixels: async (model: string) => {
      asked.push(model);
      return Float32Array.from([0, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
    },
  };
  return { predictions: new Predictions(models, () => ['teacher', 'student']), asked };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const ink = (): Uint8Array => new Uint8Array(280 * 280).fill(255, 100, 200);

describe('Predictions', () => {
  it('asks the models that have weights, and no other', async () => {
    const { predictions, asked } = setUp();
    predictions.ask(ink());
    await settled();
    expect(asked).toEqual(['teacher']);
    expect(predictions.seen?.byModel.get('teacher')?.[2]).toBe(9);
    expect(predictions.seen?.pixels).toHaveLength(784);
  });

  it('predicts nothing of a blank drawing', async () => {
    const { predictions, asked } = setUp();
    predictions.ask(null);
    predictions.ask(new Uint8Array(280 * 280));
    await settled();
    expect(asked).toEqual([]);
    expect(predictions.seen).toBeNull();
  });

  it('says which drawing was answered, also when the answer is a failure', async () => {
    const { predictions } = setUp();
    const [half, whole] = [ink(), ink()];
    predictions.ask(half);
    predictions.ask(whole);
    expect(predictions.answered).toBeNull();
    await settled();
    expect(predictions.answered).toBe(whole);
    const failing = new Predictions(
      {
        hasWeights: () => true,
        centre: () => Promise.reject(new Error('gone')),
        logitsOfPixels: async () => new Float32Array(10),
      },
      () => ['teacher'],
    );
    failing.ask(whole);
    await settled();
    expect(failing.failure).not.toBeNull();
    expect(failing.answered).toBe(whole);
  });

  it('lets go of an answer that comes after the pad was cleared', async () => {
    const { predictions } = setUp();
    predictions.ask(ink());
    predictions.ask(null);
    await settled();
    expect(predictions.seen).toBeNull();
  });
});
