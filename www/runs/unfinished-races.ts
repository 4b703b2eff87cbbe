/**
 * Races under way, kept as far as they have come, so that a reload or a crash of the browser costs no more than what was
 * trained since. A page holds a lock for as long as it lives; a race whose lock nobody holds was left behind.
 */

import { type DBSchema, openDB } from 'idb';
import type { Config } from '../engine/generated/types';

/** A race as it can be gone on with; `Seen` is what the page has shown of it. */
export interface UnfinishedRace<Seen> {
  /** Of the page that trains it. */
  readonly id: string;
  readonly savedAt: number;
  readonly config: Config;
  readonly recipe: string | null;
  /** The last epoch that any of its models has ended, and how many there will be. */
  readonly epochs: number;
  readonly epochsTotal: number;
  readonly seen: Seen;
  /** The engine's state of the same moment. */
  readonly snapshot: Uint8Array;
}

/** Everything rejects where the browser refuses. */
export interface RaceDatabase<Seen> {
  all(): Promise<UnfinishedRace<Seen>[]>;
  put(race: UnfinishedRace<Seen>): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

interface Stores<Seen> extends DBSchema {
  races: { key: string; value: UnfinishedRace<Seen> };
}

const NAME = 'distillery-unfinished';
const VERSION = 1;
const lockOf = (id: string): string => `${NAME} ${id}`;
/** Without locks a race that was kept so lately is taken for one of another tab. */
const LATELY_MS = 30_000;

export async function openRaceDatabase<Seen>(): Promise<RaceDatabase<Seen>> {
  const database = await openDB<Stores<Seen>>(NAME, VERSION, {
    upgrade: (fresh) => void fresh.createObjectStore('races', { keyPath: 'id' }),
  });
  return {
    all: () => database.getAll('races'),
    put: async (race) => void (await database.put('races', race)),
    async remove(ids) {
      const transaction = database.transaction('races', 'readwrite');
      await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
    },
  };
}

/** Tells other pages that this one lives, until it does not. */
export function live(id: string, locks: LockManager | undefined): void {
  // Refused locks cost only themselves: see `LATELY_MS`.
  locks?.request(lockOf(id), () => new Promise<never>(() => undefined)).catch(() => undefined);
}

/** The races that no page trains any more, the newest first. */
export async function leftBehind<Seen>(
  races: readonly UnfinishedRace<Seen>[],
  locks: LockManager | undefined,
  now: number,
): Promise<UnfinishedRace<Seen>[]> {
  const held = await heldLocks(locks);
  const isLeft = ({ id, savedAt }: UnfinishedRace<Seen>): boolean =>
    held ? !held.has(lockOf(id)) : now - savedAt > LATELY_MS;
  return races.filter(isLeft).sort((a, b) => b.savedAt - a.savedAt);
}

async function heldLocks(locks: LockManager | undefined): Promise<ReadonlySet<string> | null> {
  try {
    const { held = [] } = (await locks?.query()) ?? {};
    return locks ? new Set(held.flatMap(({ name }) => name ?? [])) : null;
  } catch {
    return null;
  }
}
