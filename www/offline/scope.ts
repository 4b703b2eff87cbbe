/** What of a service worker's world is used here; its types cannot stand beside those of a page. */

export interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  /** The page or worker that asks. */
  readonly clientId: string;
  respondWith(response: Promise<Response>): void;
}

export interface Asked extends WorkerEvent {
  readonly data: unknown;
  readonly source: { readonly id: string } | null;
  readonly ports: readonly MessagePort[];
}

export interface OpenPage {
  readonly id: string;
  readonly url: string;
}

interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly OpenPage[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listen: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', listen: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listen: (event: Asked) => void): void;
}

export const scope = self as unknown as Scope;

/** The folder the page lies in, with a slash at its end. */
export const HOME = scope.registration.scope;
