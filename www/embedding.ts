/**
 * The calls of `window.distillery` by `postMessage`, for the page that embeds this one. What is sent and what it means stands
 * in the contract, which the package of the embedding page has as well.
 */

import {
  type Answer,
  type Calls,
  CONTRACT,
  type EmbedEvent,
  type Wanted,
} from '../packages/embed/src/contract';
import type { DistilleryApi } from './api';
import { toFailure } from './engine/failure';
import { isOfPage, WANTED } from './event-types';
import { asOneOf, refuse } from './state/arguments';

type Call = (...args: never[]) => unknown;
/** Every call of the contract, answered at once or later. */
type Answers = {
  [Name in keyof Calls]: (
    ...args: Parameters<Calls[Name]>
  ) => ReturnType<Calls[Name]> | Promise<ReturnType<Calls[Name]>>;
};
type Id = string | number | undefined;
/** Sends to the window that asked, and to no other page that may stand there by then. */
type Reply = (content: object) => void;

/** The build's version, which `scripts/page/head.mjs` writes. */
const BUILD = document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content ?? '';
/** What this page sends; one that embeds another of its kind hears them, and they are no calls. */
const ANSWERS: readonly unknown[] = ['result', 'error', 'event'] satisfies Answer['distillery'][];

/** What one window listens to: each type once, however often it asks. */
class Subscriptions {
  readonly #wanted = new Set<Wanted>();
  /** Those of the page are each watched by themselves. */
  readonly #watched = new Map<Wanted, () => void>();
  #reply: Reply = () => undefined;
  #stop: (() => void) | null = null;

  constructor(private readonly api: DistilleryApi) {}

  on(wanted: Wanted, reply: Reply): void {
    this.#reply = reply;
    if (isOfPage(wanted)) {
      // Asked for again, as by a page that was reloaded around the frame: what stands is told again.
      this.off(wanted);
      this.#watched.set(
        wanted,
        this.api.on(wanted, (event) => this.#send(event)),
      );
      return;
    }
    this.#wanted.add(wanted);
    this.#stop ??= this.api.on('*', (event) => {
      if (this.#wanted.has(event.type) || this.#wanted.has('*')) this.#send(event);
    });
  }

  off(wanted: Wanted): void {
    this.#watched.get(wanted)?.();
    this.#watched.delete(wanted);
    this.#wanted.delete(wanted);
    if (this.#wanted.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #send(event: EmbedEvent): void {
    this.#reply({ distillery: 'event', event });
  }
}

/** Answers the window around this one, and this one itself; messages of any other are not for it. */
export function answerEmbedder(api: DistilleryApi): void {
  const listening = new Map([window, window.parent].map((asker) => [asker, new Subscriptions(api)]));
  addEventListener('message', (message: MessageEvent<unknown>) => {
    const { data, source, origin } = message;
    if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'distillery')) return;
    const subscriptions = listening.get(source as Window);
    if (!subscriptions || source === null) return;
    // An opaque origin cannot be named.
    const options = { targetOrigin: origin === 'null' ? '*' : origin };
    const reply: Reply = (content) => (source as Window).postMessage(content, options);
    void answer(callsOf(api, subscriptions, reply), data, reply);
  });
}

function callsOf(api: DistilleryApi, subscriptions: Subscriptions, reply: Reply): ReadonlyMap<string, Call> {
  const answers: Answers = {
    hello: () => ({ contract: CONTRACT, build: BUILD }),
    ready: () => api.ready,
    status: api.status,
    config: api.config,
    setConfig: api.setConfig,
    open: api.open,
    look: api.look,
    start: api.start,
    pause: api.pause,
    stop: api.stop,
    reset: api.reset,
    record: api.record,
    run: api.run,
    sweep: api.sweep,
    softTargets: api.softTargets,
    predict: api.predict,
    addOwn: api.addOwn,
    addOwnTest: api.addOwnTest,
    on: (event) => subscriptions.on(asOneOf('event', event, WANTED), reply),
    off: (event) => subscriptions.off(asOneOf('event', event, WANTED)),
  };
  return new Map(Object.entries(answers));
}

async function answer(calls: ReadonlyMap<string, Call>, data: object, reply: Reply): Promise<void> {
  const { distillery: name, id, args = [] } = data as Record<'distillery' | 'id' | 'args', unknown>;
  if (ANSWERS.includes(name)) return;
  const isId = id === undefined || typeof id === 'string' || Number.isFinite(id);
  const named: Id = isId ? (id as Id) : undefined;
  try {
    if (!isId) refuse('id', id, { code: 'call_id' });
    const call =
      calls.get(name as string) ?? refuse('distillery', name, { code: 'one_of', names: [...calls.keys()] });
    if (!Array.isArray(args)) refuse('args', args, { code: 'kind', kind: 'list' });
    const value = await call(...(args as never[]));
    reply({ distillery: 'result', id: named, value });
  } catch (thrown) {
    // Whoever gave no id awaits no answer to a call that there is not; a page may talk to others of that key.
    if (named === undefined && isId && !calls.has(name as string)) return;
    reply({ distillery: 'error', id: named, error: toFailure(thrown) });
  }
}
