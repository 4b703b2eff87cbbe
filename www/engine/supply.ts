/** Brings digits and teachers to the lab: what the page needs first, then the rest while it is alive. */

import { failure, toFailure } from './failure';
import { fetchBytes, fetchText, gunzip } from './fetching';
import type { Config, Recipe } from './generated/types';
import type { Lab } from './lab';
import type { Notice, Part } from './messages';
import type { CallQueue } from './queue';

interface Sheet {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly split: string;
}

/** What a race needs to begin: digits to learn on, and some test digits to look at. */
const FIRST_SHEETS = ['train-0', 'test-0'];
/** What its first epoch is measured on, which comes while it trains. */
const SOON = 'test-1';

export class Supply {
  readonly #loaded = new Set<string>();
  #sheets: readonly Sheet[] = [];
  #manifestTold: Promise<void> = Promise.resolve();
  #first: Promise<void> | null = null;
  #soon: Promise<void> | null = null;
  #rest: Promise<void> | null = null;
  #waiting: (() => void)[] = [];
  /** Sheets under way or still to come; while there are any, a session may wait for digits. */
  #expected = 0;
  #want: () => void = () => undefined;
  /** Resolves once a session has waited for digits: they come without regard to training from then on. */
  readonly #wanted = new Promise<void>((resolve) => (this.#want = resolve));

  /** Fetching begins without the lab, which may still be on its way; it is awaited where there is something to add. */
  constructor(
    private readonly lab: Promise<Lab>,
    private readonly queue: CallQueue,
    private readonly base: URL,
    private readonly notify: (notice: Notice) => void,
    /** Resolves when the engine has no training to do. */
    private readonly quiet: () => Promise<void>,
  ) {}

  /** Loads what is missing of the first digits and the shipped teachers that recipes name. */
  loadFirst(): Promise<void> {
    this.#first ??= Promise.all([this.#loadFirstSheets(), this.#loadTeachers()])
      .then(() => undefined)
      .catch((thrown: unknown) => {
        this.#first = null;
        throw toFailure(thrown);
      });
    return this.#first;
  }

  /**
   * Loads the remaining digits sheet by sheet while no session trains, so that they do not compete with the page.
   * Pictures of clothes are for those who ask: see `loadFor`.
   */
  loadRest(): Promise<void> {
    this.#rest ??= this.#loadAll().catch((thrown: unknown) => {
      this.#rest = null;
      throw toFailure(thrown);
    });
    return this.#rest;
  }

  /** Loads the pictures that are no digits, if a config learns on them. */
  async loadFor(config: Config): Promise<void> {
    if (!learnsOnClothes(config)) return;
    const clothes = this.#sheets.filter(({ split }) => split === 'fashion');
    await this.#loadSheets('clothes', clothes, true);
  }

  async #loadAll(): Promise<void> {
    await this.#soon;
    const digits = this.#sheets.filter(({ split }) => split !== 'fashion');
    await this.#loadSheets('more_digits', digits, false);
  }

  async #loadFirstSheets(): Promise<void> {
    if (this.#sheets.length === 0) await this.#loadManifest();
    const first = this.#sheets.filter((sheet) => FIRST_SHEETS.includes(sheet.name));
    await this.#loadSheets('digits', first, true);
    const soon = this.#sheets.filter((sheet) => sheet.name === SOON);
    // Whoever waits for these digits, or asks for the rest, hears of a failure.
    this.#soon ??= this.#loadSheets('more_digits', soon, true).catch(() => {
      this.#soon = null;
    });
  }

  async #loadTeachers(): Promise<void> {
    const recipes = await this.#onLab((lab) => lab.recipes());
    await Promise.all(teachersOf(recipes).map((name) => this.#loadTeacher(name)));
  }

  async #onLab<T>(call: (lab: Lab) => T): Promise<T> {
    const lab = await this.lab;
    return this.queue.run(() => call(lab));
  }

  /** Resolves when another sheet has come or failed; false if none is to be expected. */
  async nextSheet(): Promise<boolean> {
    if (this.#expected === 0) return false;
    this.#want();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return true;
  }

  async #loadManifest(): Promise<void> {
    await retried(async (cache) => {
      const text = await fetchText(new URL('data/manifest.json', this.base), cache);
      this.#sheets = readManifest(text);
      this.#manifestTold = this.#onLab((lab) => lab.manifest(text));
      // Whoever adds a sheet awaits this and hears of its failure.
      this.#manifestTold.catch(() => undefined);
    });
  }

  async #loadSheets(part: Part, sheets: readonly Sheet[], together: boolean): Promise<void> {
    const missing = sheets.filter((sheet) => !this.#loaded.has(sheet.name));
    const meter = new Meter(
      missing.reduce((sum, sheet) => sum + sheet.bytes, 0),
      (loadedBytes, totalBytes) => this.notify({ type: 'progress', part, loadedBytes, totalBytes }),
    );
    this.#expected += missing.length;
    let left = missing.length;
    try {
      const load = async (sheet: Sheet): Promise<void> => {
        await this.#loadSheet(sheet, meter);
        left -= 1;
        this.#expected -= 1;
        this.#wake();
      };
      if (together) await Promise.all(missing.map(load));
      else
        for (const sheet of missing) {
          await Promise.race([this.quiet(), this.#wanted]);
          await load(sheet);
        }
    } finally {
      this.#expected -= left;
      this.#wake();
    }
  }

  async #loadSheet(sheet: Sheet, meter: Meter): Promise<void> {
    await retried(async (cache) => {
      const url = new URL(`data/${sheet.file}`, this.base);
      const packed = await fetchBytes(url, cache, (loaded) => meter.set(sheet.name, loaded));
      const raw = await gunzip(sheet.name, packed);
      await this.#manifestTold;
      await this.#onLab((lab) => lab.addSheet(sheet.name, packed, raw));
    });
    this.#loaded.add(sheet.name);
    this.notify({ type: 'digits', ...(await this.#onLab((lab) => lab.digitCount())) });
  }

  async #loadTeacher(name: string): Promise<void> {
    const key = `teacher ${name}`;
    if (this.#loaded.has(key)) return;
    await retried(async (cache) => {
      const at = (ending: string): URL => new URL(`teachers/${name}.${ending}`, this.base);
      const [bytes, card] = await Promise.all([
        fetchBytes(at('safetensors'), cache, (loadedBytes, totalBytes) =>
          this.notify({ type: 'progress', part: 'teacher', loadedBytes, totalBytes }),
        ),
        fetchText(at('json'), cache),
      ]);
      await this.#onLab((lab) => lab.addCheckpoint(bytes, card));
    });
    this.#loaded.add(key);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Whether a model of the config may learn on pictures of clothes. */
export function learnsOnClothes({ transfer_set, models }: Config): boolean {
  const sets = [transfer_set, ...Object.values(models).map((model) => model.transfer_set)];
  return sets.some((set) => set?.pictures === 'fashion');
}

/** A manifest's list of sheets; the lab reads the same text again, with every check. */
function readManifest(text: string): Sheet[] {
  try {
    return (JSON.parse(text) as { sheets: Sheet[] }).sheets;
  } catch (thrown) {
    throw failure(
      'data_corrupt',
      `manifest.json: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** Bytes of several files as one figure. */
class Meter {
  readonly #loaded = new Map<string, number>();

  constructor(
    private readonly total: number,
    private readonly tell: (loadedBytes: number, totalBytes: number) => void,
  ) {}

  set(name: string, loaded: number): void {
    this.#loaded.set(name, loaded);
    let sum = 0;
    for (const bytes of this.#loaded.values()) sum += bytes;
    this.tell(sum, this.total);
  }
}

/** Tries once more past the cache, where a damaged answer may have been kept. */
async function retried<T>(attempt: (cache: RequestCache) => Promise<T>): Promise<T> {
  try {
    return await attempt('default');
  } catch (thrown) {
    // A dead engine stays dead; only what came over the wire can be better the second time.
    if (toFailure(thrown).code === 'engine_crashed') throw thrown;
    return attempt('reload');
  }
}

function teachersOf(recipes: readonly Recipe[]): string[] {
  const names = recipes.flatMap((recipe) =>
    Object.values(recipe.config.models).flatMap(({ init }) =>
      init && 'pretrained' in init ? [init.pretrained] : [],
    ),
  );
  return [...new Set(names)];
}
