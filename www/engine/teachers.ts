/** The shipped teachers: which there are, their weights, and their logits for the digits of each sheet. */

import { TEACHERS } from './addresses';
import { failure } from './failure';
import { fetchBytes, fetchText, type OnBytes } from './fetching';
import type { Card, Config } from './generated/types';

const LIST = 'cards.json';

export class Teachers {
  /** Logits under way before there is anybody to add them. */
  readonly #ahead = new Map<string, Promise<Uint8Array>>();

  constructor(private readonly base: URL) {}

  /** The text of the list of their cards. */
  list(cache: RequestCache): Promise<string> {
    return fetchText(this.#at(LIST), cache);
  }

  weights(name: string, cache: RequestCache, onBytes: OnBytes): Promise<Uint8Array<ArrayBuffer>> {
    return fetchBytes(this.#at(`${name}.safetensors`), cache, onBytes);
  }

  /** Begins to fetch a teacher's logits for the digits of a sheet. */
  askAhead(teacher: string, sheet: string): void {
    const file = logitsFile(teacher, sheet);
    if (this.#ahead.has(file)) return;
    const bytes = this.#logits(file, 'default');
    // Whoever adds them hears of a failure.
    bytes.catch(() => undefined);
    this.#ahead.set(file, bytes);
  }

  /** A teacher's logits for the digits of a sheet. */
  logits(teacher: string, sheet: string, cache: RequestCache): Promise<Uint8Array> {
    const file = logitsFile(teacher, sheet);
    const ahead = this.#ahead.get(file);
    this.#ahead.delete(file);
    return ahead && cache === 'default' ? ahead : this.#logits(file, cache);
  }

  #logits(file: string, cache: RequestCache): Promise<Uint8Array> {
    return fetchBytes(this.#at(file), cache, () => undefined);
  }

  #at(file: string): URL {
    return new URL(`${TEACHERS}${file}`, this.base);
  }
}

const logitsFile = (teacher: string, sheet: string): string => `${teacher}.${sheet}.logits`;

/** The list of cards; the lab reads the same text again, with every check. */
export function readCards(text: string): ReadonlyMap<string, Card> {
  try {
    return new Map((JSON.parse(text) as Card[]).map((card) => [card.name, card]));
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    throw failure('manifest_unreadable', `${LIST}: ${detail}`);
  }
}

/** The shipped teachers that a config's models start and stay as. */
export function teachersOf(config: Config): string[] {
  const models = Object.values(config.models);
  return [...new Set(models.flatMap(({ init }) => (init && 'pretrained' in init ? [init.pretrained] : [])))];
}
