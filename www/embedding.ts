/**
 * The calls of `window.distillery` by `postMessage`, for the page that embeds this one.
 * `{distillery: 'run', id, args: [config]}` is answered by `{distillery: 'result', id, value}` or
 * `{distillery: 'error', id, error}`. After `{distillery: 'on', id, args: [type]}` every event of that type arrives as
 * `{distillery: 'event', event}`, until `{distillery: 'off', id, args: [type]}`.
 */

import type { DistilleryApi } from './api';
import { toFailure } from './engine/failure';
import type { Event } from './engine/generated/types';
import { WANTED, type Wanted } from './event-types';
import { asOneOf, refuse } from './state/arguments';

type Call = (...args: never[]) => unknown;
type Id = string | number | undefined;
/** Sends to the window that asked, and to no other page that may stand there by then. */
type Reply = (content: object) => void;

/** What this page sends; one that embeds another of its kind hears them, and they are no calls. */
const ANSWERS: readonly unknown[] = ['result', 'error', 'event'];

/** What one window listens to: each type once, however often it asks. */
class Subscriptions {
  readonly #wanted = new Set<Wanted>();
  #reply: Reply = () => undefined;
  #stop: (() => void) | null = null;

  constructor(private readonly api: DistilleryApi) {}

  on(wanted: Wanted, reply: Reply): void {
    this.#wanted.add(wanted);
    this.#reply = reply;
    this.#stop ??= this.api.on('*', (event) => this.#pass(event));
  }

  off(wanted: Wanted): void {
    this.#wanted.delete(wanted);
    if (this.#wanted.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #pass(event: Event): void {
    if (this.#wanted.has(event.type) || this.#wanted.has('*')) this.#reply({ distillery: 'event', event });
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
  return new Map<string, Call>([
    ['ready', () => api.ready],
    ['run', api.run],
    ['sweep', api.sweep],
    ['softTargets', api.softTargets],
    ['predict', api.predict],
    ['addOwn', api.addOwn],
    ['addOwnTest', api.addOwnTest],
    ['on', (event: unknown) => subscriptions.on(asOneOf('event', event, WANTED), reply)],
    ['off', (event: unknown) => subscriptions.off(asOneOf('event', event, WANTED))],
  ]);
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
