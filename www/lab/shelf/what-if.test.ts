import { expect, test } from 'vitest';
import type { Compressed, Compression, Net } from '../../engine/generated/types';
import { BITS, depthOf, SHARES, waysFor } from './what-if';
import { WhatIf } from './what-if.svelte';

test('sliders at their beginning ask for nothing, and others for what they say', () => {
  expect(waysFor(SHARES[0]!, BITS[0], 'global')).toEqual([]);
  expect(waysFor(0.2, 32, 'layer')).toEqual([{ prune: { kept: 0.2, scope: 'layer', by: 'magnitude' } }]);
  expect(waysFor(0.5, 4, 'global').map((way) => Object.keys(way)[0])).toEqual(['prune', 'quantise']);
  expect(waysFor(1, 'three', 'global')).toEqual([{ ternarise: { per: 'tensor' } }]);
});

test('blocks can be left out, and hidden layers that are of one width', () => {
  expect(depthOf({ vit: { depth: 4 } } as Net)).toBe(4);
  expect(depthOf({ mlp: { hidden: [64, 64, 64] } } as Net)).toBe(3);
  expect(depthOf({ mlp: { hidden: [128, 64] } } as Net)).toBe(1);
  expect(depthOf({ mlp: { hidden: [] } } as Net)).toBe(1);
  expect(depthOf({ cnn: {} } as Net)).toBe(1);
  expect(depthOf(null)).toBe(1);
});

/** Answers when it is told to. */
function slowModels() {
  const answers: ((errors: number | Error) => void)[] = [];
  const compressed = (_model: string, _ways: readonly Compression[]): Promise<Compressed> =>
    new Promise((resolve, reject) => {
      answers.push((errors) =>
        typeof errors === 'number' ? resolve({ errors } as Compressed) : reject(errors),
      );
    });
  const answer = async (errors: number | Error): Promise<void> => {
    answers.shift()!(errors);
    await new Promise((later) => setTimeout(later, 0));
  };
  return { compressed, answer, asked: () => answers.length };
}

test('answers about one model make a trail, the newest question waits and those between are left out', async () => {
  const models = slowModels();
  const whatIf = new WhatIf(models);
  for (const share of [0.9, 0.8, 0.7])
    whatIf.ask({ model: 'dense', ways: waysFor(share, 32, 'global'), depth: null });
  expect([models.asked(), whatIf.isAsking]).toEqual([1, true]);
  await models.answer(10);
  await models.answer(30);
  expect(whatIf.trail.map(({ result }) => result.errors)).toEqual([10, 30]);
  expect(whatIf.isAsking).toBe(false);
});

test('an answer about a model that is no longer asked about is forgotten, and a failure is told', async () => {
  const models = slowModels();
  const whatIf = new WhatIf(models);
  whatIf.ask({ model: 'dense', ways: [], depth: null });
  whatIf.ask({ model: 'other', ways: [], depth: null });
  await models.answer(10);
  expect(whatIf.trail).toEqual([]);
  await models.answer(new Error('broken'));
  expect(whatIf.failure?.message).toContain('broken');
  whatIf.clear();
  expect(whatIf.failure).toBeNull();
});
