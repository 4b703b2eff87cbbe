import { expect, test } from 'vitest';
import type { Session } from '../engine/session';
import { Race } from './race';
import { nextRaceStatus, type RaceEvent, type RaceStatus } from './race-machine';
import { configOf } from './testing/workshop';

const race = new Race(configOf(1));
const other = new Race(configOf(2));
const session = {} as Session;
const READY: RaceStatus = { kind: 'ready' };

const after = (...events: RaceEvent[]): RaceStatus => events.reduce(nextRaceStatus, READY);
const start: RaceEvent = { type: 'start', race, goal: 'running' };
const prepared: RaceEvent = { type: 'prepared', race, session };
const press = (type: 'pause' | 'resume' | 'step' | 'stop' | 'reset'): RaceEvent => ({ type });

test('a race is made ready, runs and ends', () => {
  expect(after(start).kind).toBe('preparing');
  expect(after(start, prepared).kind).toBe('running');
  expect(after(start, prepared, { type: 'ended', race }).kind).toBe('finished');
});

test('Reset leads from everywhere to ready', () => {
  const failed: RaceEvent = { type: 'failed', race, failure: { code: 'x', message: '', problems: [] } };
  const before: RaceEvent[][] = [
    [],
    [start],
    [start, prepared],
    [start, prepared, press('pause')],
    [start, prepared, press('pause'), press('step')],
    [start, prepared, press('stop')],
    [start, prepared, { type: 'ended', race }],
    [start, failed],
  ];
  for (const events of before) expect(after(...events, press('reset'))).toEqual(READY);
});

test('Stop gives up a race that is made ready, and ends one under way', () => {
  expect(after(start, press('stop'))).toEqual(READY);
  expect(after(start, press('stop'), prepared)).toEqual(READY);
  for (const before of [[], [press('pause')], [press('pause'), press('step')]]) {
    expect(after(start, prepared, ...before, press('stop')).kind).toBe('stopping');
  }
  // Nothing but its record can follow.
  for (const late of [press('resume'), press('step'), press('pause')]) {
    expect(after(start, prepared, press('stop'), late).kind).toBe('stopping');
  }
});

test('what happens to a race that is no longer on changes nothing', () => {
  const failure = { code: 'x', message: '', problems: [] };
  const status = after(start, press('reset'), { ...start, race: other });
  const late: RaceEvent[] = [
    prepared,
    { type: 'ended', race },
    { type: 'stepped', race },
    { type: 'failed', race, failure },
  ];
  for (const event of late) expect(nextRaceStatus(status, event)).toBe(status);
});

test('a second Start changes nothing while a race is on', () => {
  for (const before of [[start], [start, prepared], [start, prepared, press('pause')]]) {
    const status = after(...before);
    expect(nextRaceStatus(status, { ...start, race: other })).toBe(status);
  }
});

test('a pause while a race is made ready holds it before its first step', () => {
  expect(after(start, press('pause'), prepared).kind).toBe('paused');
});

test('one step goes back to paused; Resume while it is under way goes on', () => {
  const stepping = [start, prepared, press('pause'), press('step')];
  expect(after(...stepping, { type: 'stepped', race }).kind).toBe('paused');
  expect(after(...stepping, press('resume'), { type: 'stepped', race }).kind).toBe('running');
});
