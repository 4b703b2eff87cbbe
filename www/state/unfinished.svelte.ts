/** Keeps the race under way where a reload does not reach it, and finds the one that an earlier page has left. */

import { learntFrom } from '../engine/pictures';
import { Latest } from '../model/latest';
import { newId } from '../runs/kept-run';
import {
  leftBehind,
  live,
  openRaceDatabase,
  type RaceDatabase,
  type UnfinishedRace,
} from '../runs/unfinished-races';
import type { Race } from './race';
import type { Seen } from './run.svelte';

export type Left = UnfinishedRace<Seen>;

const locks = (): LockManager | undefined => (typeof navigator === 'undefined' ? undefined : navigator.locks);

export class Unfinished {
  readonly #id = newId();
  /** One writing at a time, of the newest state; null takes it away. */
  readonly #writing: Latest<Left | null, void>;
  #opening: Promise<RaceDatabase<Seen>> | null = null;
  #isLiving = false;

  constructor(private readonly open: () => Promise<RaceDatabase<Seen>> = openRaceDatabase) {
    this.#writing = new Latest(
      async (race) => {
        const database = await this.#database();
        if (race) await database.put(race);
        else await database.remove([this.#id]);
      },
      () => undefined,
      // A browser that keeps nothing has told so when it would not keep a run; the race goes on all the same.
      () => undefined,
    );
  }

  /** Keeps a race as the engine's snapshot has it. One of pictures of the visitor's own could not be gone on with: they go with the page. */
  save({ config, run }: Race, recipe: string | null, snapshot: Uint8Array): void {
    const { seen } = run;
    if (!seen || hasOwnPictures(config)) return;
    if (!this.#isLiving) live(this.#id, locks());
    this.#isLiving = true;
    const { epochsEnded: epochs, epochsTotal } = run;
    this.#writing.put({
      id: this.#id,
      savedAt: Date.now(),
      config,
      recipe,
      epochs,
      epochsTotal,
      seen,
      snapshot,
    });
  }

  /** The race has come to an end. */
  forget(): void {
    this.#writing.put(null);
  }

  /** The newest race that an earlier page left under way; older ones go. Null where there is none, or nothing is kept. */
  async left(): Promise<Left | null> {
    try {
      const database = await this.#database();
      const [newest, ...older] = await leftBehind(await database.all(), locks(), Date.now());
      if (older.length > 0) await database.remove(older.map(({ id }) => id));
      return newest ?? null;
    } catch {
      return null;
    }
  }

  /** Lets a race of an earlier page go. */
  async letGo({ id }: Left): Promise<void> {
    try {
      await (await this.#database()).remove([id]);
    } catch {
      // It will be offered once more.
    }
  }

  #database(): Promise<RaceDatabase<Seen>> {
    this.#opening ??= this.open();
    return this.#opening;
  }
}

function hasOwnPictures(config: Left['config']): boolean {
  const { data, transfer_set: shared, models } = config;
  if (data?.set === 'own') return true;
  const sets = Object.values(models).map(({ transfer_set }) => transfer_set ?? shared);
  return sets.some((set) => learntFrom(set?.pictures, data?.set) === null);
}
