/** Sweeps in the browser's own database, so that a reload loses no finished race: one of each name, and a line a finished cell. */

import { type DBSchema, openDB } from 'idb';
import type { Cell, Grid, Record as RunRecord } from '../engine/generated/types';
import { newId } from './kept-run';

/** A finished cell, as a line of a sweep's file has it. */
export interface SweepLine {
  readonly cell: Cell['name'];
  readonly record: RunRecord;
}

interface KeptSweep {
  readonly id: string;
  readonly grid: Grid;
  readonly engines: number;
}

interface KeptLine extends SweepLine {
  readonly sweep: string;
}

interface Stores extends DBSchema {
  sweeps: { key: string; value: KeptSweep };
  lines: { key: number; value: KeptLine; indexes: { sweep: string } };
}

/** What is kept of the sweep of one name. Nothing rejects: where the browser refuses, a sweep lasts as long as the page. */
export interface SweepKeeper {
  /** The sweep as it was left; null where there is none. */
  read(): Promise<{ grid: Grid; engines: number; lines: readonly SweepLine[] } | null>;
  /** Another one begins in place of the one before. */
  begin(grid: Grid, engines: number): Promise<void>;
  add(line: SweepLine): Promise<void>;
  /** Forgets it. */
  clear(): Promise<void>;
}

// Where storage is refused the browser throws at once.
async function open() {
  return openDB<Stores>('distillery-sweeps', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('sweeps');
      fresh.createObjectStore('lines', { autoIncrement: true }).createIndex('sweep', 'sweep');
    },
  });
}

export function sweepKeeper(name: string): SweepKeeper {
  let opening: ReturnType<typeof open> | null = null;
  let current: string | null = null;
  // One after another: a line is written after the sweep that it is of.
  let last: Promise<unknown> = Promise.resolve();
  function ask<T>(act: (database: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T | undefined> {
    const asked = last
      .then(async () => {
        opening ??= open();
        return act(await opening);
      })
      .catch(() => undefined);
    last = asked;
    return asked;
  }
  /** In one transaction, so that a tab that closes meanwhile leaves the one or the other. */
  const replace = (sweep: KeptSweep | null) =>
    ask(async (database) => {
      const both = database.transaction(['sweeps', 'lines'], 'readwrite');
      const sweeps = both.objectStore('sweeps');
      const before = await sweeps.get(name);
      const lines = both.objectStore('lines');
      const old = before ? await lines.index('sweep').getAllKeys(before.id) : [];
      const gone = old.map((key) => lines.delete(key));
      await Promise.all([...gone, sweep ? sweeps.put(sweep, name) : sweeps.delete(name), both.done]);
    });
  return {
    async read() {
      const found = await ask(async (database) => {
        const sweep = await database.get('sweeps', name);
        if (!sweep) return null;
        return { sweep, lines: await database.getAllFromIndex('lines', 'sweep', sweep.id) };
      });
      if (!found) return null;
      const { sweep, lines } = found;
      // Another may have begun meanwhile.
      current ??= sweep.id;
      return { grid: sweep.grid, engines: sweep.engines, lines };
    },
    async begin(grid, engines) {
      current = newId();
      await replace({ id: current, grid, engines });
    },
    async add({ cell, record }) {
      const sweep = current;
      if (sweep !== null) await ask((database) => database.add('lines', { sweep, cell, record }));
    },
    async clear() {
      current = null;
      await replace(null);
    },
  };
}
