/**
 * The visitor's own pictures: two sets, one to learn on and one to test on. Each is taken, looked at with the shipped
 * teacher's eyes, read in another way, or removed.
 */

import type { EngineClient } from '../engine/client';
import { failure, toFailure } from '../engine/failure';
import type { OwnLook, Reading } from '../engine/generated/types';
import type { Digit, Failure } from '../engine/messages';
import type { OwnPictures, OwnSplit } from '../engine/own-pictures';

/** One picture of the strip, and the digit that the teacher takes it for. */
export interface SeenPicture extends Digit {
  readonly choice: number;
}

/** `taking` until the files are read and checked, `asking` until the teacher has looked. */
export type OwnStage = 'none' | 'taking' | 'asking' | 'here';

/** Pictures of the strip, spread evenly over the set. */
const SHOWN = 15;
const CLASSES = 10;

/** One of the two sets. */
export class OwnSet {
  /** Files that are being taken: others may be given before the first have been read. */
  takings = $state(0);
  /** What is so of the pictures that are there, whatever is being taken. */
  settled = $state<Exclude<OwnStage, 'taking'>>('none');
  /** Number of the files given last, whose refusal is the one that counts. */
  turn = 0;
  /** Pictures that are taken; 0 when there are none. */
  count = $state(0);
  readings = $state.raw<readonly Reading[]>([]);
  look = $state.raw<OwnLook | null>(null);
  seen = $state.raw<readonly SeenPicture[]>([]);
  /** Why the files given last were not taken; what was taken before stays. */
  refused = $state.raw<Failure | null>(null);
  /** Rises whenever other pictures stand in the set, or the same ones otherwise. */
  version = $state(0);

  get stage(): OwnStage {
    return this.takings > 0 ? 'taking' : this.settled;
  }
}

export class OwnSets {
  readonly #sets: Readonly<Record<OwnSplit, OwnSet>> = { own: new OwnSet(), own_test: new OwnSet() };

  constructor(
    private readonly client: Pick<EngineClient, 'addOwn' | 'removeOwn' | 'own' | 'call'>,
    /** Ends a race: other pictures drop the session. */
    private readonly reset: () => unknown,
  ) {}

  of(split: OwnSplit): OwnSet {
    return this.#sets[split];
  }

  /** Takes a pair of idx files, gzipped or not; answers how many pictures there are. Rejects with a `Failure`. */
  add(
    split: OwnSplit,
    images: Uint8Array<ArrayBuffer>,
    labels: Uint8Array<ArrayBuffer>,
    readings: readonly Reading[] = [],
  ): Promise<number> {
    return this.#take(split, { images, labels, readings });
  }

  /** Reads the pictures that are there in one more way. Rejects with a `Failure`. */
  async read(split: OwnSplit, reading: Reading): Promise<void> {
    const kept = this.#kept(split);
    await this.#take(split, { ...kept, readings: [...kept.readings, reading] });
  }

  /** Takes the pictures that are there as their files came. Rejects with a `Failure`. */
  async readAsTheyCame(split: OwnSplit): Promise<void> {
    await this.#take(split, { ...this.#kept(split), readings: [] });
  }

  /** Forgets a set. Rejects with a `Failure`. */
  async remove(split: OwnSplit): Promise<void> {
    const set = this.#sets[split];
    this.reset();
    await this.client.removeOwn(split);
    Object.assign(set, { settled: 'none', count: 0, readings: [], look: null, seen: [], refused: null });
    set.version += 1;
  }

  #kept(split: OwnSplit): OwnPictures {
    const kept = this.client.own.get(split);
    if (!kept) throw failure('unexpected', `there are no pictures in the set ${split}`);
    return kept;
  }

  async #take(split: OwnSplit, pictures: OwnPictures): Promise<number> {
    const set = this.#sets[split];
    set.turn += 1;
    const { turn } = set;
    set.takings += 1;
    set.refused = null;
    try {
      this.reset();
      set.count = await this.client.addOwn(split, pictures);
    } catch (thrown) {
      const refused = toFailure(thrown);
      if (turn === set.turn) set.refused = refused;
      throw refused;
    } finally {
      set.takings -= 1;
    }
    set.readings = pictures.readings;
    set.look = null;
    set.seen = [];
    set.version += 1;
    // Whoever gave them need not wait for the teacher's opinion.
    void this.#look(split);
    return set.count;
  }

  /** Asks the shipped teacher about the set. What fails here leaves the pictures without an opinion, and they can be used. */
  async #look(split: OwnSplit): Promise<void> {
    const set = this.#sets[split];
    const { version, count } = set;
    set.settled = 'asking';
    const shown = Math.min(SHOWN, count);
    const indices = Array.from({ length: shown }, (_, i) => Math.floor((i * count) / shown));
    const isStale = (): boolean => version !== set.version;
    try {
      const look = await this.client.call((api) => api.lookAtOwn(split));
      const digits = await this.client.call((api) => api.digits(split, indices));
      const logits = await this.client.call((api) => api.logits(look.teacher, split, indices));
      if (isStale()) return;
      set.look = look;
      set.seen = digits.map((digit, i) => ({ ...digit, choice: choiceOf(logits, i) }));
    } catch (thrown) {
      if (!isStale()) set.refused = toFailure(thrown);
    }
    if (!isStale()) set.settled = 'here';
  }
}

function choiceOf(logits: Float32Array, row: number): number {
  const ofRow = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
  return ofRow.indexOf(Math.max(...ofRow));
}
