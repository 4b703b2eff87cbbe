/** Brings digits and teachers to the lab: what the page needs first, then the rest while it is alive. */

import { MANIFEST } from './addresses';
import { failure, toFailure } from './failure';
import { fetchBytes, fetchText, gunzip } from './fetching';
import type { Card, Config, Data, Split } from './generated/types';
import type { Lab } from './lab';
import type { Notice, Part } from './messages';
import { addOwnTeacher, type OwnTeacher } from './own-teacher';
import { learntFrom, testedOn } from './pictures';
import type { CallQueue } from './queue';
import { readCards, Teachers, teachersOf } from './teachers';

/** Places in a split, as the lab takes them. */
type Indices = Parameters<Lab['logits']>[2];

export interface Sheet {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly split: string;
  /** Index of its first digit, and how many it has. */
  readonly first: number;
  readonly count: number;
}

/** Some test digits to look at: all that can be shown of a teacher needs no more. */
const SHOWN = 'test-0';
/** What a race needs besides to begin: digits to learn on. */
const LEARNT = 'train-0';
/** What the first epoch of a recipe is measured on, which comes while it trains. */
const SOON = 'train-5';

export class Supply {
  readonly #loaded = new Set<string>();
  /** Sheets that are being fetched, so that nobody fetches them twice. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #meters = new Map<Part, Meter>();
  readonly #teachers: Teachers;
  /** Teachers that are being fetched, or have come. */
  readonly #teachersAsked = new Map<string, Promise<void>>();
  readonly #teachersAdded = new Map<string, Card>();
  #ownTeachers: readonly Card[] = [];
  #cards: Promise<ReadonlyMap<string, Card>> | null = null;
  /** Digits and teachers are added one after another, so that the later one of a sheet and a teacher finds the other. */
  #adding: Promise<unknown> = Promise.resolve();
  #sheets: readonly Sheet[] = [];
  #manifest: Promise<void> | null = null;
  #manifestTold: Promise<void> = Promise.resolve();
  #shown: Promise<void> | null = null;
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
    private readonly recipes: readonly string[],
    private readonly notify: (notice: Notice) => void,
    /** Resolves when the engine has no training to do. */
    private readonly quiet: () => Promise<void>,
  ) {
    this.#teachers = new Teachers(base);
  }

  /** Loads what is missing of the shown recipe's shipped teachers, and the first test digits to ask them about. */
  loadShown(): Promise<void> {
    this.#shown ??= Promise.all([this.#loadNamed('digits', SHOWN), this.#loadFirstTeachers()])
      .then(() => undefined)
      .catch((thrown: unknown) => {
        this.#shown = null;
        throw toFailure(thrown);
      });
    return this.#shown;
  }

  /** The same, and behind it, so that a slow line first brings what there is to see, the first digits to learn on. */
  loadFirst(): Promise<void> {
    const shown = this.loadShown();
    this.#first ??= Promise.all([shown, this.#loadNamed('digits', LEARNT, shown)])
      .then(() => this.#loadSoon())
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

  /**
   * Loads the shipped teachers of a config and what it learns on, and has what it is measured on follow: a session that
   * comes to that before it is here waits for it.
   */
  async loadFor(config: Config): Promise<void> {
    const { learnt, measured } = neededSheets(config, this.#sheets);
    const following = this.#loadAsked(measured);
    // Whoever waits for these digits hears of a failure.
    following.catch(() => undefined);
    await Promise.all([...teachersOf(config).map((name) => this.loadTeacher(name)), this.#loadAsked(learnt)]);
  }

  /** Loads the sheets on which these digits lie. A sheet there is none of is the lab's to complain about. */
  async loadDigits(split: Split, indices: Indices): Promise<void> {
    await this.#manifest;
    await this.#loadAsked(sheetsOf(split, indices, this.#sheets));
  }

  /** Has the lab know which teachers are shipped. */
  async loadCards(): Promise<void> {
    await this.#told();
  }

  /** Loads a shipped teacher. A name that none has is the lab's to complain about. */
  async loadTeacher(name: string): Promise<void> {
    const card = (await this.#told()).get(name);
    if (!card) return;
    let asked = this.#teachersAsked.get(name);
    if (!asked) {
      asked = this.#loadTeacher(card).catch((thrown: unknown) => {
        this.#teachersAsked.delete(name);
        throw thrown;
      });
      this.#teachersAsked.set(name, asked);
    }
    await asked;
  }

  /** Takes a teacher of the visitor's own, which the lab then knows beside those that are shipped and those before. */
  async addOwnTeacher(teacher: OwnTeacher): Promise<void> {
    const shipped = [...(await this.#told()).values()];
    await this.#onLab((lab) => {
      const others = this.#ownTeachers.filter(({ name }) => name !== teacher.name);
      const card = addOwnTeacher(lab, teacher, [...shipped, ...others]);
      this.#ownTeachers = [...others, card];
    });
  }

  /** Loads what an experiment is tested on, however much trains meanwhile. */
  async loadTest(set: Data['set'] | undefined): Promise<void> {
    await this.#manifest;
    await this.#loadAsked(this.#of(testedOn(set)));
  }

  /** Loads sheets that somebody waits for; digits and clothes are counted for the visitor by themselves. */
  async #loadAsked(sheets: readonly Sheet[]): Promise<void> {
    const parts = {
      clothes: sheets.filter(isOfClothes),
      more_digits: sheets.filter((one) => !isOfClothes(one)),
    };
    await Promise.all([
      this.#loadSheets('clothes', parts.clothes, true),
      this.#loadSheets('more_digits', parts.more_digits, true),
    ]);
  }

  /** The test digits first: they can be looked at, and wait to be opened. */
  async #loadAll(): Promise<void> {
    await this.#soon;
    await this.#loadSheets('more_digits', [...this.#of('test'), ...this.#of('train')], false);
  }

  #of(split: Split): readonly Sheet[] {
    return this.#sheets.filter((sheet) => sheet.split === split);
  }

  async #loadNamed(part: Part, name: string, after?: Promise<void>): Promise<void> {
    this.#manifest ??= this.#loadManifest().catch((thrown: unknown) => {
      this.#manifest = null;
      throw thrown;
    });
    await this.#manifest;
    const sheets = this.#sheets.filter((sheet) => sheet.name === name);
    // The figures of what is under way have in them what waits.
    for (const sheet of sheets) this.#meterOf(part).expect(sheet.name, sheet.bytes);
    await after;
    await this.#loadSheets(part, sheets, true);
  }

  #loadSoon(): void {
    const soon = this.#sheets.filter((sheet) => sheet.name === SOON);
    // Whoever waits for these digits, or asks for the rest, hears of a failure.
    this.#soon ??= this.#loadSheets('more_digits', soon, true).catch(() => {
      this.#soon = null;
    });
  }

  async #loadFirstTeachers(): Promise<void> {
    const all = await this.#onLab((lab) => lab.recipes());
    const shown = this.recipes.flatMap((word) => all.filter(({ name }) => name === word)).concat(all)[0];
    if (shown) await Promise.all(teachersOf(shown.config).map((name) => this.loadTeacher(name)));
  }

  /** The cards of the shipped teachers, which the lab has been told of as well. */
  #told(): Promise<ReadonlyMap<string, Card>> {
    this.#cards ??= retried(async (cache) => {
      const text = await this.#teachers.list(cache);
      const cards = readCards(text);
      await this.#onLab((lab) => lab.tellTeachers(text));
      return cards;
    }).catch((thrown: unknown) => {
      this.#cards = null;
      throw thrown;
    });
    return this.#cards;
  }

  async #onLab<T>(call: (lab: Lab) => T | Promise<T>): Promise<T> {
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
      const text = await fetchText(new URL(MANIFEST, this.base), cache);
      this.#sheets = readManifest(text);
      this.#manifestTold = this.#onLab((lab) => lab.manifest(text));
      // Whoever adds a sheet awaits this and hears of its failure.
      this.#manifestTold.catch(() => undefined);
    });
  }

  async #loadSheets(part: Part, sheets: readonly Sheet[], together: boolean): Promise<void> {
    const missing = sheets.filter((sheet) => !this.#loaded.has(sheet.name));
    const meter = this.#meterOf(part);
    // What is under way already is counted where it was asked for.
    for (const { name, bytes } of missing) if (!this.#underWay.has(name)) meter.expect(name, bytes);
    this.#expected += missing.length;
    let left = missing.length;
    try {
      const load = async (sheet: Sheet): Promise<void> => {
        await this.#once(sheet, meter);
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

  #meterOf(part: Part): Meter {
    const known = this.#meters.get(part);
    if (known) return known;
    const meter = new Meter((loadedBytes, totalBytes) =>
      this.notify({ type: 'progress', part, loadedBytes, totalBytes }),
    );
    this.#meters.set(part, meter);
    return meter;
  }

  #once(sheet: Sheet, meter: Meter): Promise<void> {
    if (this.#loaded.has(sheet.name)) return Promise.resolve();
    const known = this.#underWay.get(sheet.name);
    if (known) return known;
    const loading = this.#loadSheet(sheet, meter).finally(() => this.#underWay.delete(sheet.name));
    this.#underWay.set(sheet.name, loading);
    return loading;
  }

  async #loadSheet(sheet: Sheet, meter: Meter): Promise<void> {
    for (const teacher of this.#answering(sheet)) this.#teachers.askAhead(teacher, sheet.name);
    await retried(async (cache) => {
      const url = new URL(`data/${sheet.file}`, this.base);
      const packed = await fetchBytes(url, cache, (loaded) => meter.set(sheet.name, loaded));
      const raw = await gunzip(sheet.name, packed);
      await this.#manifestTold;
      await this.#add(async () => {
        const pairs = this.#answering(sheet).map((teacher) => [teacher, sheet.name] as const);
        const logits = await this.#logitsOf(pairs, cache);
        await this.#onLab(async (lab) => {
          lab.addSheet(sheet.name, packed, raw);
          for (const add of logits) await add(lab);
        });
        this.#loaded.add(sheet.name);
      });
    });
    this.notify({ type: 'digits', ...(await this.#onLab((lab) => lab.digitCount())) });
  }

  async #loadTeacher(card: Card): Promise<void> {
    const { name } = card;
    const meter = this.#meterOf('teacher');
    meter.expect(name, card.file_bytes);
    for (const sheet of this.#answered(card)) this.#teachers.askAhead(name, sheet);
    await retried(async (cache) => {
      const weights = await this.#teachers.weights(name, cache, (loaded) => meter.set(name, loaded));
      await this.#add(async () => {
        const pairs = this.#answered(card).map((sheet) => [name, sheet] as const);
        const logits = await this.#logitsOf(pairs, cache);
        await this.#onLab(async (lab) => {
          lab.addTeacher(name, weights);
          for (const add of logits) await add(lab);
        });
        this.#teachersAdded.set(name, card);
      });
    });
  }

  /** The sheets that have come for whose digits a teacher brings its logits. */
  #answered(card: Card): string[] {
    const come = this.#sheets.filter((sheet) => isAnswered(sheet, card) && this.#loaded.has(sheet.name));
    return come.map(({ name }) => name);
  }

  /** The teachers that have come and bring their logits for the digits of a sheet. */
  #answering(sheet: Sheet): string[] {
    const cards = [...this.#teachersAdded.values()];
    return cards.filter((card) => isAnswered(sheet, card)).map(({ name }) => name);
  }

  /** What adds logits to the lab, of teachers for the digits of sheets. */
  #logitsOf(
    pairs: readonly (readonly [teacher: string, sheet: string])[],
    cache: RequestCache,
  ): Promise<((lab: Lab) => Promise<void>)[]> {
    const fetched = pairs.map(async ([teacher, sheet]) => {
      const bytes = await this.#teachers.logits(teacher, sheet, cache);
      return (lab: Lab) => lab.addLogits(teacher, sheet, bytes);
    });
    return Promise.all(fetched);
  }

  #add(add: () => Promise<void>): Promise<void> {
    const added = this.#adding.then(add);
    // Whoever adds hears of a failure; those behind do not.
    this.#adding = added.catch(() => undefined);
    return added;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** The sheets that a config learns on, and those that its models are measured on. */
export function neededSheets(
  config: Config,
  sheets: readonly Sheet[],
): { learnt: readonly Sheet[]; measured: readonly Sheet[] } {
  const { data, models, training } = config;
  const given = Object.values(models);
  const sets = [config.transfer_set, ...given.map((model) => model.transfer_set)];
  const learnt = (split: string): number =>
    Math.max(
      0,
      ...sets.map((set) => (learntFrom(set?.pictures, data?.set) === split ? (set?.digits ?? 0) : 0)),
    );
  const ofSet = learntFrom('of_set', data?.set);
  const all = sheets.filter(({ split }) => split === ofSet).reduce((sum, { count }) => sum + count, 0);
  // Patience watches the digits that are held out, whatever the models are measured on.
  const isPatient = [training, ...given.map((model) => model.training)].some((how) => how?.early_stop);
  const heldOut = data?.evaluate_on === 'validation' || isPatient ? all - (data?.validation ?? 0) : all;
  const tested = data?.evaluate_on === 'validation' ? 0 : (data?.evaluated ?? 0);
  return {
    learnt: sheets.filter(({ split, first }) => first < learnt(split)),
    measured: sheets.filter(({ split, first, count }) => {
      if (split === ofSet) return first + count > heldOut;
      return split === testedOn(data?.set) && first < tested;
    }),
  };
}

/** The sheets that have these digits of a split. */
export function sheetsOf(split: Split, indices: Indices, sheets: readonly Sheet[]): readonly Sheet[] {
  return sheets.filter(
    (sheet) =>
      sheet.split === split &&
      indices.some((index) => index >= sheet.first && index < sheet.first + sheet.count),
  );
}

/** A manifest's list of sheets; the lab reads the same text again, with every check. */
function readManifest(text: string): Sheet[] {
  try {
    return (JSON.parse(text) as { sheets: Sheet[] }).sheets;
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw failure('manifest_unreadable', `manifest.json: ${detail}`);
  }
}

/** Bytes of several files as one figure; each counts once, however many wait for it. */
class Meter {
  readonly #loaded = new Map<string, number>();
  readonly #expected = new Map<string, number>();

  constructor(private readonly tell: (loadedBytes: number, totalBytes: number) => void) {}

  expect(name: string, bytes: number): void {
    this.#expected.set(name, bytes);
  }

  set(name: string, loaded: number): void {
    this.#loaded.set(name, loaded);
    const sum = (files: Map<string, number>): number => [...files.values()].reduce((a, b) => a + b, 0);
    this.tell(sum(this.#loaded), sum(this.#expected));
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

function isOfClothes({ split }: Sheet): boolean {
  return split === 'fashion' || split === 'fashion_test';
}

/** Whether a teacher brings its logits for the digits of a sheet: none does for clothes. */
function isAnswered(sheet: Sheet, { brings_logits }: Card): boolean {
  return brings_logits && !isOfClothes(sheet);
}
