import { expect, test } from 'vitest';
import type { EngineClient } from '../engine/client';
import type { Cell, Grid } from '../engine/generated/types';
import type { SweepKeeper, SweepLine } from '../runs/sweep-database';
import { Sweep } from './sweep.svelte';

const GRID = { config: { version: 1 }, fields: {}, seeds: 3 } as unknown as Grid;
const cell = (seed: number): Cell => ({ name: { seed }, config: {}, work: 1 }) as unknown as Cell;
const line = (seed: number, crate_version = '1'): SweepLine =>
  ({ cell: { seed }, record: { environment: { crate_version } } }) as unknown as SweepLine;

/** A sweep of three seeds of which a visit before has left these lines. */
function left(...lines: SweepLine[]) {
  const keeper: SweepKeeper = {
    read: async () => ({ grid: GRID, engines: 2, lines }),
    begin: async () => undefined,
    add: async () => undefined,
    clear: async () => undefined,
  };
  const lab = { cells: async () => [1, 2, 3].map(cell) };
  const client = { call: async (ask: (api: typeof lab) => unknown) => ask(lab) } as unknown as EngineClient;
  return new Sweep(client, '', keeper);
}

test('a sweep that a visit has left is there to be resumed, or finished', async () => {
  const half = left(line(2));
  await half.restore('1');
  expect([half.state, half.cellsDone, half.cells.length]).toEqual(['stopped', 1, 3]);
  // A line is of the cell itself, so that `resume` does not run it again.
  expect(half.lines[0]?.cell).toBe(half.cells[1]?.name);
  const whole = left(line(1), line(2), line(3));
  await whole.restore('1');
  expect(whole.state).toBe('finished');
});

test('races of another version of the code are to be run again', async () => {
  const sweep = left(line(1), line(2, '0'), line(3));
  await sweep.restore('1');
  expect([sweep.state, sweep.lines.map(({ cell: { seed } }) => seed)]).toEqual(['stopped', [1, 3]]);
});

test('what is asked for while a visit’s sweep is being read comes first', async () => {
  const sweep = left(line(1));
  const restoring = sweep.restore('1');
  await sweep.clear();
  await restoring;
  expect([sweep.state, sweep.cells]).toEqual(['ready', []]);
});
