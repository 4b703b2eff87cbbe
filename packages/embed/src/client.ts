/** Asks a Distillery page in a frame by messages: one promise a call, events by callbacks. Works with any `<iframe>`. */

import type {
  Answer,
  AnswerOf,
  Calls,
  EmbedEvent,
  EventOf,
  Failure,
  Hello,
  Look,
  Wanted,
} from './contract.js';
import { CONTRACT } from './contract.js';
import type { Config, Grid, Record as RunRecord } from './schema.js';

type Awaiting = { resolve(value: unknown): void; reject(reason: Failure): void };
type Listener = (event: EmbedEvent) => void;

/** Between the frame's `load` and the page's first answer. */
const PATIENCE_MS = 10_000;

function failed(code: 'closed' | 'no_answer' | 'contract', message: string): Failure {
  return { code, message, problems: [] };
}

export interface ClientOptions {
  /** The page's address, where the frame's `src` does not tell it. */
  readonly src?: string;
  readonly patienceMs?: number;
}

export class DistilleryClient {
  /** Resolves when the page in the frame answers; rejects with `no_answer` or `contract`, or with `closed`. */
  readonly connected: Promise<Hello>;
  readonly #frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #patienceMs: number;
  readonly #waiting = new Map<number, Awaiting>();
  readonly #listeners = new Map<Wanted, Set<Listener>>();
  readonly #over = new AbortController();
  /** The latest of each of the page's own events. */
  readonly #last = new Map<string, EmbedEvent>();
  #settle: Awaiting = { resolve: () => undefined, reject: () => undefined };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(frame: HTMLIFrameElement, { src, patienceMs = PATIENCE_MS }: ClientOptions = {}) {
    this.#frame = frame;
    this.#patienceMs = patienceMs;
    const { origin } = new URL(src ?? frame.src, frame.ownerDocument.baseURI);
    // An origin without a name, as of a `file:` address, cannot be sent to by it.
    this.#origin = origin === 'null' ? '*' : origin;
    this.connected = new Promise((resolve, reject) => {
      this.#settle = { resolve: (value) => resolve(value as Hello), reject };
    });
    // Every call tells it as well.
    this.connected.catch(() => undefined);
    const { signal } = this.#over;
    addEventListener('message', (message) => this.#hear(message), { signal });
    // A page that was reloaded in its frame knows of nobody.
    frame.addEventListener('load', () => this.#greet(true), { signal });
    this.#greet(false);
  }

  /** Asks the page by a call's name. The methods below are the same with their types spelt out. */
  async call<N extends keyof Calls>(name: N, ...args: Parameters<Calls[N]>): Promise<AnswerOf<N>> {
    await this.connected;
    return this.#ask(name, args, this.#origin) as Promise<AnswerOf<N>>;
  }

  ready = (): Promise<void> => this.call('ready');
  status = () => this.call('status');
  config = (): Promise<Config | null> => this.call('config');
  setConfig = (config: Config): Promise<Config> => this.call('setConfig', config);
  open = (link: string): Promise<void> => this.call('open', link);
  look = (look: Look): Promise<void> => this.call('look', look);
  start = (): Promise<void> => this.call('start');
  pause = (): Promise<void> => this.call('pause');
  stop = (): Promise<RunRecord | null> => this.call('stop');
  reset = (): Promise<void> => this.call('reset');
  record = (): Promise<RunRecord | null> => this.call('record');
  run = (config: Config): Promise<RunRecord> => this.call('run', config);
  sweep = (grid: Grid, engines?: number) =>
    engines === undefined ? this.call('sweep', grid) : this.call('sweep', grid, engines);
  softTargets = (model: string, digit: number, temperatures: readonly number[]): Promise<number[][]> =>
    this.call('softTargets', model, digit, temperatures);
  predict = (model: string, pixels: ArrayLike<number>): Promise<number[]> =>
    this.call('predict', model, pixels);
  addOwn = (...files: Parameters<Calls['addOwn']>): Promise<number> => this.call('addOwn', ...files);
  addOwnTest = (...files: Parameters<Calls['addOwnTest']>): Promise<number> =>
    this.call('addOwnTest', ...files);

  /** Calls back on every event of a type until the function that it answers is called. */
  on<T extends Wanted>(type: T, callback: (event: EventOf<T>) => void): () => void {
    const listener = callback as Listener;
    const there = this.#listeners.get(type);
    if (there) there.add(listener);
    else {
      this.#listeners.set(type, new Set([listener]));
      this.call('on', type).catch((reason) => this.#complain(reason));
    }
    // The page tells what stands to the first of them.
    const last = this.#last.get(type);
    if (last) listener(last);
    return () => {
      const rest = this.#listeners.get(type);
      rest?.delete(listener);
      if (rest?.size !== 0) return;
      this.#listeners.delete(type);
      this.#last.delete(type);
      this.call('off', type).catch(() => undefined);
    };
  }

  /** Lets go of the frame: no listener is left, and whatever is still awaited is refused with `closed`. */
  close(): void {
    this.#over.abort();
    clearTimeout(this.#timer);
    const reason = failed('closed', 'the client was closed');
    this.#settle.reject(reason);
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    this.#listeners.clear();
  }

  #greet(isLoaded: boolean): void {
    // To whoever is there: an empty frame has no origin yet, and a greeting tells nothing.
    this.#ask('hello', [], '*').then(
      (hello) => this.#meet(hello as Hello),
      () => this.#settle.reject(failed('contract', 'the page is older than this client')),
    );
    if (!isLoaded) return;
    clearTimeout(this.#timer);
    const reason = failed('no_answer', `no Distillery answers in the frame (${this.#origin})`);
    this.#timer = setTimeout(() => this.#settle.reject(reason), this.#patienceMs);
  }

  #meet(hello: Hello): void {
    clearTimeout(this.#timer);
    if (hello.contract !== CONTRACT) {
      const message = `the page keeps version ${hello.contract} of the contract, this client ${CONTRACT}`;
      this.#settle.reject(failed('contract', message));
      return;
    }
    this.#settle.resolve(hello);
    for (const type of this.#listeners.keys()) this.call('on', type).catch(() => undefined);
  }

  #ask(name: keyof Calls, args: readonly unknown[], targetOrigin: string): Promise<unknown> {
    if (this.#over.signal.aborted) return Promise.reject(failed('closed', 'the client was closed'));
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#frame.contentWindow?.postMessage({ distillery: name, id, args }, targetOrigin);
    return answer;
  }

  #hear({ source, origin, data }: MessageEvent<Answer | null>): void {
    if (source === null || source !== this.#frame.contentWindow) return;
    if (this.#origin !== '*' && origin !== this.#origin) return;
    if (data?.distillery === 'event') this.#pass(data.event);
    else if (data?.distillery === 'result') this.#take(data.id)?.resolve(data.value);
    else if (data?.distillery === 'error') this.#take(data.id)?.reject(data.error);
  }

  #take(id: string | number | undefined): Awaiting | undefined {
    const awaiting = this.#waiting.get(id as number);
    this.#waiting.delete(id as number);
    return awaiting;
  }

  #pass(event: EmbedEvent): void {
    const isOfPage = PAGE_EVENTS.has(event.type);
    if (isOfPage) this.#last.set(event.type, event);
    const all = isOfPage ? undefined : this.#listeners.get('*');
    for (const listener of [...(this.#listeners.get(event.type) ?? []), ...(all ?? [])]) listener(event);
  }

  /** A type that there is not is a mistake of whoever called; a frame that does not answer is told by `connected`. */
  #complain(reason: Failure): void {
    if (reason.code === 'argument_invalid') reportError(reason);
  }
}

/** What `'*'` does not mean. */
const PAGE_EVENTS: ReadonlySet<string> = new Set(['status', 'height', 'refused', 'failure']);
