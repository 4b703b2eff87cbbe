import { describe, expect, it } from 'vitest';
import { binOf, confusionOf, firstChoices, NO_CHOICE, reliabilityOf } from './first-choices';
import { CLASSES } from './softening';

/** Logits of a digit whose probability of class 0 is `confidence`, the rest shared evenly. */
const confident = (confidence: number): number[] => {
  const others = Math.log((1 - confidence) / 9);
  return [Math.log(confidence), ...new Array<number>(9).fill(others)];
};
const repeated = (row: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => row).flat();

describe('first choices', () => {
  it('are the largest logit’s, the lower of equals, and none where a logit is no number', () => {
    const logits = new Float32Array(5 * CLASSES).fill(-1);
    logits[3] = 2;
    logits[CLASSES + 9] = -0.5;
    logits[2 * CLASSES + 4] = 7;
    logits[2 * CLASSES + 6] = 7;
    logits[4 * CLASSES + 9] = Number.NaN;
    expect([...firstChoices(logits)]).toEqual([3, 9, 4, 0, NO_CHOICE]);
  });

  it('are counted by label and choice', () => {
    const counts = confusionOf(Uint8Array.of(3, 9, 4, NO_CHOICE), Uint8Array.of(3, 1, 4, 1));
    expect([counts[3]![3], counts[1]![9], counts[4]![4]]).toEqual([1, 1, 1]);
    expect(counts.flat().reduce((sum, one) => sum + one)).toBe(3);
  });
});

// The cases of the crate's `measure/calibration.rs`.
describe('calibration', () => {
  const errorOf = (confidence: number, right: number, of: number): number => {
    const labels = Uint8Array.from({ length: of }, (_, at) => (at >= right ? 1 : 0));
    return reliabilityOf(Float32Array.from(repeated(confident(confidence), of)), labels).error!;
  };

  it('a model as good as it says has no error, and the error is the gap either way', () => {
    expect(errorOf(0.8, 80, 100)).toBeCloseTo(0, 6);
    expect(errorOf(0.9, 50, 100)).toBeCloseTo(0.4, 6);
    expect(errorOf(0.6, 100, 100)).toBeCloseTo(0.4, 6);
    expect(reliabilityOf(new Float32Array(), new Uint8Array()).error).toBe(0);
  });

  it('gaps of one bin cancel and those of two do not', () => {
    const both = (a: number, b: number, labels: number[]) =>
      reliabilityOf(Float32Array.from([...confident(a), ...confident(b)]), Uint8Array.from(labels));
    expect(both(0.95, 0.55, [1, 0]).error).toBeCloseTo((0.95 + 0.45) / 2, 6);
    const together = both(0.9, 0.92, [0, 1]);
    expect(together.error).toBeCloseTo(0.41, 6);
    const full = together.bins.filter(({ count }) => count > 0);
    expect(full).toHaveLength(1);
    expect(full[0]).toMatchObject({ count: 2, right: 1, accuracy: 0.5 });
    expect(full[0]!.confidence).toBeCloseTo(0.91, 6);
  });

  it('is none where a probability is no number', () => {
    const logits = Float32Array.from(repeated(confident(0.9), 2));
    logits[3] = Number.NaN;
    expect(reliabilityOf(logits, new Uint8Array(2)).error).toBeNull();
  });

  it('a bin ends with its upper edge', () => {
    expect([0, 1e-9, 0.2, 0.2 + 1e-9, 1].map(binOf)).toEqual([0, 0, 2, 3, 14]);
  });
});
