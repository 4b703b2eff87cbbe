import { expect, test } from 'vitest';
import { LONGEST_LINK } from '../model/packed-text';
import { pairsOf, valueIn } from '../state/link';
import temperature from './data/temperature.json';
import { packLesson, unpackLesson } from './link';

test('a lesson of the course comes back whole from a link that chat programs have handled, and fits into one', async () => {
  const packed = await packLesson(temperature);
  expect(packed).toMatch(/^[\w-]+$/);
  expect(packed.length).toBeLessThan(LONGEST_LINK);
  const [pair] = pairsOf(`#lesson.data=${packed}.`);
  expect((await unpackLesson(String(valueIn(pair!.text!)))).lesson).toEqual(temperature);
});

test('what is no lesson is refused: by step and field, or as not readable', async () => {
  const wrong = { ...temperature, steps: [{ kind: 'read', text: { en: '{view.heat}', zh: '热' } }] };
  const { problems } = await unpackLesson(await packLesson(wrong));
  expect(problems.map(({ step, path }) => [step, path])).toEqual([[1, 'text.en']]);
  const packed = await packLesson(temperature);
  const zeros = await packLesson('0'.repeat(2_000_000));
  for (const text of ['', 'no', '💧', packed.slice(0, -20), zeros]) {
    const read = await unpackLesson(text);
    expect(read.problems.map(({ allowed }) => allowed.code)).toEqual(['readable']);
  }
});
