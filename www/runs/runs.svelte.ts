/**
 * The runs that the browser keeps, newest first. Where it refuses to, or has no room, runs last as long as the page, and
 * whoever made this is told once.
 */

import type { Record as RunRecord } from '../engine/generated/types';
import { openRunDatabase, type RunDatabase } from './database';
import { type KeptRun, newId, resultsOf, type WholeRun } from './kept-run';
import { cut } from './naming';

/** Why runs are not kept. */
export type NotKept = 'refused' | 'full';

/** A run as it ends; its name is found when it is known which others there are. */
export interface EndedRun
  extends Pick<KeptRun, 'ending' | 'elapsedMs' | 'recipe' | 'config' | 'environment'> {
  readonly record: RunRecord;
  readonly nameAmong: (taken: ReadonlySet<string>) => string;
}

export class Runs {
  list = $state.raw<readonly KeptRun[]>([]);
  /** Whether what earlier visits kept is in the list. */
  isOpen = $state(false);
  /** The visitor's words for the next run that ends. */
  nextNote = $state('');
  /** The run whose config was taken last, as long as the setting is its. */
  source = $state.raw<KeptRun | null>(null);
  /** What was deleted last, until it is brought back or something else is deleted. */
  deleted = $state.raw<readonly WholeRun[]>([]);
  /** Records of runs that the database does not have. */
  readonly #inMemory = new Map<string, RunRecord>();
  readonly #idOf = new WeakMap<object, string>();
  #opening: Promise<RunDatabase | null> | null = null;
  #isTold = false;

  constructor(
    private readonly tell: (why: NotKept) => void,
    private readonly openDatabase: () => Promise<RunDatabase> = openRunDatabase,
  ) {}

  /** Reads what earlier visits kept. Never rejects. */
  async open(): Promise<void> {
    await this.#database();
  }

  /** Keeps a run that has ended; of the same race again, once its test digits were opened, its later record. Never rejects. */
  async keep(race: object, ended: EndedRun): Promise<void> {
    const known = this.#idOf.get(race);
    const id = known ?? newId();
    this.#idOf.set(race, id);
    const note = this.nextNote;
    if (known === undefined) this.nextNote = '';
    await this.open();
    const { record, nameAmong, ...facts } = ended;
    const before = this.list.find((one) => one.id === id);
    const run: KeptRun = {
      id,
      name: before?.name ?? nameAmong(new Set(this.list.map(({ name }) => name))),
      note: before?.note ?? note,
      isPinned: before?.isPinned ?? false,
      endedAt: before?.endedAt ?? Date.now(),
      ...facts,
      results: resultsOf(record),
    };
    await this.#put([{ run, record }]);
  }

  /** Takes runs of a file; those that are here already stay as they are. Answers how many came. Never rejects. */
  async add(runs: readonly WholeRun[]): Promise<number> {
    await this.open();
    const here = new Set(this.list.map(({ id }) => id));
    const fresh = runs.filter(({ run }) => !here.has(run.id));
    await this.#put(fresh);
    return fresh.length;
  }

  /** A run's record; null where it is gone. Never rejects. */
  async record(id: string): Promise<RunRecord | null> {
    const kept = this.#inMemory.get(id);
    return kept ?? (await this.#withDatabase((database) => database.record(id))) ?? null;
  }

  /** These runs with their records. */
  async whole(runs: readonly KeptRun[]): Promise<WholeRun[]> {
    const ids = runs.map(({ id }) => id);
    const kept = await this.#withDatabase((database) => database.records(ids));
    return runs.flatMap((run) => {
      const record = this.#inMemory.get(run.id) ?? kept?.get(run.id);
      return record ? [{ run, record }] : [];
    });
  }

  /** Names a run anew and writes its note; an empty name leaves the one that it has. */
  async describe(id: string, name: string, note: string): Promise<void> {
    await this.#change(id, (run) => ({ ...run, name: cut(name) || run.name, note: note.trim() }));
  }

  async pin(id: string, isPinned: boolean): Promise<void> {
    await this.#change(id, (run) => ({ ...run, isPinned }));
  }

  /** Deletes runs; `undo` brings them back. */
  async remove(ids: readonly string[]): Promise<void> {
    const going = this.list.filter(({ id }) => ids.includes(id));
    const deleted = await this.whole(going);
    this.deleted = deleted;
    this.list = this.list.filter(({ id }) => !ids.includes(id));
    for (const id of ids) this.#inMemory.delete(id);
    await this.#withDatabase((database) => database.remove(ids));
  }

  /** Brings back what was deleted last. */
  async undo(): Promise<void> {
    const { deleted } = this;
    this.deleted = [];
    await this.#put(deleted);
  }

  async #change(id: string, changed: (run: KeptRun) => KeptRun): Promise<void> {
    const before = this.list.find((run) => run.id === id);
    if (!before) return;
    const run = changed(before);
    this.list = this.list.map((one) => (one.id === id ? run : one));
    if (this.source?.id === id) this.source = run;
    if (!this.#inMemory.has(id)) await this.#withDatabase((database) => database.change(run));
  }

  /** Writes first and shows then: what is in the list outlasts a reload, where anything does. */
  async #put(runs: readonly WholeRun[]): Promise<void> {
    if (runs.length === 0) return;
    const written = await this.#withDatabase((database) => database.put(runs).then(() => true));
    for (const { run, record } of runs) {
      if (written) this.#inMemory.delete(run.id);
      else this.#inMemory.set(run.id, record);
    }
    const fresh = new Set(runs.map(({ run }) => run.id));
    const others = this.list.filter(({ id }) => !fresh.has(id));
    this.list = newestFirst([...runs.map(({ run }) => run), ...others]);
  }

  #database(): Promise<RunDatabase | null> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<RunDatabase | null> {
    try {
      const database = await this.openDatabase();
      this.list = newestFirst(await database.all());
      return database;
    } catch (thrown) {
      this.#hear(thrown);
      return null;
    } finally {
      this.isOpen = true;
    }
  }

  /** Asks the database; undefined where there is none, or where it refuses. */
  async #withDatabase<T>(ask: (database: RunDatabase) => Promise<T>): Promise<T | undefined> {
    const database = await this.#database();
    if (!database) return undefined;
    try {
      return await ask(database);
    } catch (thrown) {
      this.#hear(thrown);
      return undefined;
    }
  }

  #hear(thrown: unknown): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.tell(thrown instanceof Error && thrown.name === 'QuotaExceededError' ? 'full' : 'refused');
  }
}

function newestFirst(runs: readonly KeptRun[]): KeptRun[] {
  return [...runs].sort((one, other) => other.endedAt - one.endedAt);
}
