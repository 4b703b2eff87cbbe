/**
 * What a page around a frame may ask of Distillery by `postMessage`, and what it hears of it. The page answers by these very
 * types (`www/embedding.ts`); `docs/embedding.md` has them for people.
 *
 * `{distillery: CALL, id, args}` is answered by `{distillery: 'result', id, value}` or `{distillery: 'error', id, error}`;
 * events arrive as `{distillery: 'event', event}`.
 */

import type { Cell, Config, Grid, Record as RunRecord, Event as TrainingEvent } from './schema.js';

/** Counts up when something here is taken away or means something else; what is added leaves it as it is. */
export const CONTRACT = 1;

/** Where the page's race stands. `preparing`: Start was pressed, and digits or an engine are on their way. */
export type Status =
  | 'empty'
  | 'loading'
  | 'ready'
  | 'preparing'
  | 'running'
  | 'paused'
  | 'finished'
  | 'failed';

/** Why something was refused: where, what stood there, and what may, as a code with parameters. */
export interface Problem {
  readonly path: string;
  readonly value: string;
  readonly allowed: ({ readonly code: string } & Readonly<Record<string, unknown>>) | null;
}

/** How every call is refused. `code` is stable; `message` is English, for scripts and logs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** Told beside the training's own events, each by its own name alone and not by `'*'`; what stands is told at once. */
export type PageEvent =
  | { readonly type: 'status'; readonly status: Status }
  /** The height of all that the page shows, in CSS pixels. Whoever listens is expected to make the frame as high. */
  | { readonly type: 'height'; readonly height: number }
  /** Parts of the link that were not taken over; the page says so as well, in the reader's language. */
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  | { readonly type: 'failure'; readonly failure: Failure };

export type EmbedEvent = TrainingEvent | PageEvent;

/** A type of event, or every event of the training. */
export type Wanted = EmbedEvent['type'] | '*';

/** What arrives for a wish. */
export type EventOf<T extends Wanted> = T extends '*' ? TrainingEvent : Extract<EmbedEvent, { type: T }>;

/** What the page is and which contract it keeps. */
export interface Hello {
  readonly contract: number;
  /** The build, by a digest; empty in a development server. */
  readonly build: string;
}

/** How the page looks; what is left out stays as it is. */
export interface Look {
  /** Null: the browser's own language. */
  readonly lang?: 'en' | 'zh' | null;
  readonly theme?: 'auto' | 'light' | 'dark';
}

/** A finished cell of a sweep. */
export interface SweepLine {
  /** The fields that this cell sets, and its seed. */
  readonly cell: Cell['name'];
  readonly record: RunRecord;
}

/** The calls, with what they answer. Each may be refused with a `Failure`. */
export interface Calls {
  /** At once, while the page still loads. */
  hello(): Hello;
  /** When the page can train. */
  ready(): void;
  status(): Status;

  /** The config on show: of the race, or the one that is being set. Null before the page has loaded. */
  config(): Config | null;
  /** Takes a config in place of the one on show, as if it were set by hand; a race ends. Answers it with every default. */
  setConfig(config: Config): Config;
  /** Takes what a link of the page carries behind `#`, such as `recipe=first-race&seed=3`; a race ends. */
  open(link: string): void;
  look(look: Look): void;

  /** Presses Start, or Resume after a pause. Answers when the race is under way or being prepared. */
  start(): void;
  /** Pauses a race and stops a sweep; what is finished of it stays. */
  pause(): void;
  /** Ends the race where it is; answers its record, null if there was none. */
  stop(): RunRecord | null;
  /** Back to before Start: results go. */
  reset(): void;
  /** The record of the race that has ended, the same as the page saves; null without one. */
  record(): RunRecord | null;

  /** Trains a config to its end and answers the record. */
  run(config: Config): RunRecord;
  /** Runs every cell of a grid, on one engine for each core unless told how many. */
  sweep(grid: Grid, engines?: number): readonly SweepLine[];
  /** A model's probabilities for a test digit (0 to 9999), one list a temperature. */
  softTargets(model: string, digit: number, temperatures: readonly number[]): number[][];
  /** A model's probabilities at T = 1 for 784 grey values from 0 to 1, white ink on black. */
  predict(model: string, pixels: ArrayLike<number>): number[];
  /** Pictures of one's own to learn on: idx files, gzipped or not. Answers how many. */
  addOwn(images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): number;
  /** The same to test on. */
  addOwnTest(images: Uint8Array<ArrayBuffer>, labels: Uint8Array<ArrayBuffer>): number;

  /** Has events of a type sent to the window that asks. */
  on(type: Wanted): void;
  off(type: Wanted): void;
}

/** A call's answer, when it comes. */
export type AnswerOf<N extends keyof Calls> = ReturnType<Calls[N]>;

/** What the page sends. */
export type Answer =
  | { readonly distillery: 'result'; readonly id?: string | number; readonly value: unknown }
  | { readonly distillery: 'error'; readonly id?: string | number; readonly error: Failure }
  | { readonly distillery: 'event'; readonly event: EmbedEvent };
