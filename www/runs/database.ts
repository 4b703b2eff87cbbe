/** Runs in the browser's own database: what the table needs in one store, the records in another, since they are far larger. */

import { type DBSchema, openDB } from 'idb';
import type { Record as RunRecord } from '../engine/generated/types';
import type { KeptRun, WholeRun } from './kept-run';

interface Stores extends DBSchema {
  runs: { key: string; value: KeptRun };
  records: { key: string; value: RunRecord };
}

/** What is asked of it; everything rejects where the browser refuses. */
export interface RunDatabase {
  all(): Promise<KeptRun[]>;
  record(id: string): Promise<RunRecord | undefined>;
  records(ids: readonly string[]): Promise<Map<string, RunRecord>>;
  put(runs: readonly WholeRun[]): Promise<void>;
  change(run: KeptRun): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

const NAME = 'distillery-runs';
const VERSION = 1;

/** Opens the database, and makes it on the first visit. */
export async function openRunDatabase(): Promise<RunDatabase> {
  const database = await openDB<Stores>(NAME, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore('runs', { keyPath: 'id' });
      fresh.createObjectStore('records');
    },
  });
  const both = () => database.transaction(['runs', 'records'], 'readwrite');
  return {
    all: () => database.getAll('runs'),
    record: (id) => database.get('records', id),
    async records(ids) {
      const { store } = database.transaction('records');
      const found = await Promise.all(ids.map(async (id) => [id, await store.get(id)] as const));
      return new Map(found.flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
    },
    async put(runs) {
      const transaction = both();
      const puts = runs.flatMap(({ run, record }) => [
        transaction.objectStore('runs').put(run),
        transaction.objectStore('records').put(record, run.id),
      ]);
      await Promise.all([...puts, transaction.done]);
    },
    async change(run) {
      await database.put('runs', run);
    },
    async remove(ids) {
      const transaction = both();
      const deletes = ids.flatMap((id) => [
        transaction.objectStore('runs').delete(id),
        transaction.objectStore('records').delete(id),
      ]);
      await Promise.all([...deletes, transaction.done]);
    },
  };
}
