import { expect, it, vi } from 'vitest';
import { InspectedDigit } from './inspected-digit.svelte';

const LOGITS = Float32Array.from({ length: 10 }, (_, i) => i / 2);

function models(ofPicture: Float32Array = LOGITS) {
  return {
    hasWeights: (model: string) => model !== 'untrained',
    digits: vi.fn(async () => [{ pixels: Uint8Array.from({ length: 784 }, () => 255), label: 7 }]),
    logits: vi.fn(async () => LOGITS),
    logitsOfPixels: vi.fn(async (_: string, pixels: Float32Array) => (pixels[0] === 1 ? ofPicture : LOGITS)),
  };
}

const question = (model: string, steady: readonly string[]) => ({
  split: 'train' as const,
  index: 5,
  model,
  teachers: ['teacher'],
  steady,
});

it('has the logits of the model and of its teachers, by number and by picture', async () => {
  const of = models();
  const digit = new InspectedDigit(of);
  digit.show(question('student', ['student', 'teacher']));
  await vi.waitFor(() => expect(digit.shown).not.toBeNull());
  expect(digit.shown).toMatchObject({ index: 5, label: 7, apart: 0, taught: [LOGITS] });
  expect(of.logitsOfPixels).toHaveBeenCalledTimes(2);
});

it('tells how far number and picture are apart, of models that do not change', async () => {
  const other = LOGITS.map((logit, i) => (i === 3 ? logit + 0.5 : logit));
  const digit = new InspectedDigit(models(other));
  digit.show(question('student', ['teacher']));
  await vi.waitFor(() => expect(digit.shown?.apart).toBe(0.5));
  digit.show(question('student', []));
  await vi.waitFor(() => expect(digit.shown?.apart).toBeNull());
});

it('waits for a model without weights', async () => {
  const digit = new InspectedDigit(models());
  digit.show(question('untrained', []));
  await vi.waitFor(() => expect(digit.shown).toMatchObject({ label: 7, logits: null }));
});
