import { expect, test } from 'vitest';
import { Pace } from './pace';

test('the slow first epoch does not spoil the estimate for the others', () => {
  const pace = new Pace();
  pace.note(1000, 10, true);
  expect(pace.remainingMs(90, false)).toBeNull();
  pace.note(2000, 20, false);
  pace.note(5000, 30, false);
  expect(pace.remainingMs(70, false)).toBeNull();
  pace.note(5100, 40, false);
  expect(pace.remainingMs(60, false)).toBe(600);
});

test('the latest half of the time counts, so that a change of pace shows', () => {
  const pace = new Pace();
  pace.note(0, 0, false);
  pace.note(1000, 10, false);
  pace.note(2000, 20, false);
  pace.note(3000, 110, false);
  expect(pace.remainingMs(90, false)).toBe(1000);
});

test('a run of one epoch has only that to go by', () => {
  const pace = new Pace();
  pace.note(100, 1, true);
  pace.note(200, 2, true);
  expect(pace.remainingMs(3, true)).toBe(300);
});

test('nothing is said while nothing moves', () => {
  const pace = new Pace();
  expect(pace.remainingMs(1, true)).toBeNull();
  pace.note(100, 5, false);
  pace.note(900, 5, false);
  expect(pace.remainingMs(1, false)).toBeNull();
});
