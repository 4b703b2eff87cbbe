import { expect, test } from 'vitest';
import { allHold } from '../../lessons/conditions';
import type { Sources, Value } from '../../lessons/facts';
import { DEFAULT_VIEW } from '../../model/view';
import { proposals } from './proposals';

const values = (entries: Record<string, Value>): Map<string, Value> => new Map(Object.entries(entries));

test('what has changed comes first, up as “at least”, down as “at most”, names as they are', () => {
  const before = values({
    'view.sort': 'unsure',
    'view.t': 4,
    'digit.entropy': 1.2,
    'view.digit': 80,
    'race.complete': false,
  });
  const now = values({
    'view.sort': 'unsure',
    'view.t': 8,
    'digit.entropy': 0.3,
    'view.digit': 7,
    'race.complete': true,
  });
  expect(proposals(before, now)).toEqual([
    { condition: { fact: 'view.t', at_least: 8 }, isNew: true },
    { condition: { fact: 'digit.entropy', at_most: 0.3 }, isNew: true },
    { condition: { fact: 'view.digit', is: 7 }, isNew: true },
    { condition: { fact: 'race.complete', is: true }, isNew: true },
    { condition: { fact: 'view.sort', is: 'unsure' }, isNew: false },
  ]);
});

test('nothing is proposed of what is unknown, has not come, or is a sentence', () => {
  expect(proposals(new Map(), values({ 'setting.seed': 1, 'view.t': 4 }))).toEqual([
    { condition: { fact: 'view.t', at_least: 4 }, isNew: false },
  ]);
  const now = values({
    'race.verdict': null,
    'race.verdict_words': 'Better.',
    'event.done': 0,
    'event.epoch': 3,
  });
  expect(proposals(new Map(), now).map(({ condition }) => condition)).toEqual([
    { fact: 'event.epoch', at_least: 3 },
  ]);
});

test('every condition that is proposed holds at that moment', () => {
  const sources = {
    view: { ...DEFAULT_VIEW, temperature: 0.5 },
    events: { epoch: 2 },
    kept: {},
  } as unknown as Sources;
  const now = values({ 'view.t': 0.5, 'view.sort': 'unsure', 'event.epoch': 2 });
  const conditions = proposals(values({ 'view.t': 4 }), now).map(({ condition }) => condition);
  expect(conditions).toHaveLength(3);
  expect(allHold(conditions, sources)).toBe(true);
});
