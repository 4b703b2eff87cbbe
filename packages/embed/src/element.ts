/** `<distillery-lab>`: the page in a frame that comes when it is near, one of a document at a time. */

import {
  ATTRIBUTES,
  type Attribute,
  type Attributes,
  addressFor,
  languageOf,
  linkFor,
  readAttributes,
} from './attributes.js';
import { DistilleryClient } from './client.js';
import type { Failure, Problem, Status } from './contract.js';
import { draw, type Parts } from './look.js';
import { whenNear } from './near.js';
import { type Actor, Stage } from './stage.js';
import { failureIn, type Language, wordsIn } from './words.js';

/**
 * `waiting`: nothing is fetched; `loading`: a frame is there and the page in it cannot train yet; `active`: it can, or
 * says why not; `paused`: another one of the document has taken its place; `failed`: no page answers, or no address was given.
 */
export type LabState = 'waiting' | 'loading' | 'active' | 'paused' | 'failed';

/** The element's events and what their `detail` is. */
export interface LabEvents {
  'distillery-state': { readonly state: LabState };
  'distillery-status': { readonly status: Status };
  /** An attribute or a part of a link that does not count, or a failure of the page or of the frame. */
  'distillery-error': Failure;
}

/** What waits for no press: Start has been pressed, by hand or by a script. */
const BUSY: readonly Status[] = ['preparing', 'running'];

const stage = new Stage();
/** Where the script came from, for elements that name no `src`; a package that is bundled comes from nowhere. */
let home: string | null = null;

export function setHome(address: string): void {
  home = new URL('./', address).href;
}

// A server that renders the document has no elements.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

export class DistilleryLab extends Base implements Actor {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;
  #state: LabState = 'waiting';
  #parts: Parts | null = null;
  #frame: HTMLIFrameElement | null = null;
  #client: DistilleryClient | null = null;
  /** Stops waiting to come near; null outside of a document. */
  #leave: (() => void) | null = null;
  #read: Attributes | null = null;
  #status: Status = 'empty';
  /** Whether its race was under way when another one took its place. */
  #isToResume = false;
  #isChanging = false;

  get state(): LabState {
    return this.#state;
  }

  /** Asks the page in the frame; null while there is none. */
  get client(): DistilleryClient | null {
    return this.#client;
  }

  /** As Run here: loads the page, pauses the other one, goes on with a race. Resolves when the page can train. */
  async activate(): Promise<DistilleryClient> {
    if (!this.isConnected) throw refusal('closed', 'the element is in no document');
    const client = this.#client ?? this.#load();
    stage.take(this);
    try {
      await client.ready();
      if (this.#isToResume && stage.has(this)) await client.start();
    } finally {
      // A page that cannot train says why by itself.
      if (this.#client === client && stage.has(this)) {
        this.#isToResume = false;
        this.#enter('active');
      }
    }
    return client;
  }

  /** Another one of the document runs: this one keeps what it shows, and waits. */
  retire(): void {
    if (this.#state === 'loading') {
      this.#unload();
      this.#enter('waiting');
    } else if (this.#state === 'active') {
      this.#isToResume = BUSY.includes(this.#status);
      this.#client?.pause().catch(() => undefined);
      this.#enter('paused');
    }
  }

  connectedCallback(): void {
    this.#parts ??= this.#draw();
    this.#take();
    this.#leave = whenNear(this, () => this.#come());
  }

  /** Ends the page in it, with its workers; put back, it begins anew. */
  disconnectedCallback(): void {
    this.#leave?.();
    this.#leave = null;
    this.#unload();
    stage.leave(this);
    this.#enter('waiting');
  }

  /** Moved by `moveBefore`, which keeps a frame as it is. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(): void {
    // Those that it is made with are read when it is put into the document.
    if (this.#leave === null || this.#isChanging) return;
    this.#isChanging = true;
    // Several that change at once are one change.
    queueMicrotask(() => {
      this.#isChanging = false;
      if (this.#leave !== null) this.#change();
    });
  }

  #draw(): Parts {
    const parts = draw(this.attachShadow({ mode: 'open' }));
    for (const button of [parts.run, parts.again]) {
      button.addEventListener('click', () => {
        this.activate().catch(() => undefined);
        // The button goes; who pressed it by the keyboard is to be where it led.
        this.#frame?.focus();
      });
    }
    return parts;
  }

  /** Near, for the first time: it loads unless another one has the place. */
  #come(): void {
    if (this.#state === 'waiting' && stage.isFree && this.#read?.src) this.activate().catch(() => undefined);
  }

  #take(): void {
    const given = Object.fromEntries(ATTRIBUTES.map((name) => [name, this.getAttribute(name)]));
    const around = this.parentElement?.closest('[lang]')?.getAttribute('lang') ?? null;
    const read = readAttributes(given as Record<Attribute, string | null>, {
      base: this.ownerDocument.baseURI,
      home,
      inherited: around,
    });
    const known = new Set(this.#read?.problems.map(({ path, value }) => `${path}=${value}`));
    this.#read = read;
    const news = read.problems.filter(({ path, value }) => !known.has(`${path}=${value}`));
    for (const problem of news) this.#tell('distillery-error', refusedBy(problem));
    if (read.src === null) this.#enter('failed');
    else if (this.#state === 'failed') this.#enter('waiting');
    this.#say();
  }

  #change(): void {
    const before = this.#read!;
    this.#take();
    const read = this.#read!;
    if (before.src !== read.src) {
      const wasThere = this.#client !== null;
      this.#unload();
      if (read.src !== null && wasThere && stage.has(this)) this.activate().catch(() => undefined);
      else if (read.src !== null) this.#enter('waiting');
      return;
    }
    // A link brings its look with it.
    if (before.link !== read.link) this.#client?.open(linkFor(read)).catch(() => undefined);
    else if (linkFor(before) !== linkFor(read)) this.#client?.look(read.look).catch(() => undefined);
    if (this.#frame && read.height !== null) this.#frame.style.height = `${read.height}px`;
  }

  #load(): DistilleryClient {
    const read = this.#read;
    const parts = this.#parts;
    if (!read?.src || !parts) throw refusal('no_address', 'the attribute src is missing or no address');
    const frame = this.ownerDocument.createElement('iframe');
    frame.src = addressFor(read);
    // Share copies a link; nothing is refused without it but that.
    frame.allow = 'clipboard-write; fullscreen';
    frame.setAttribute('part', 'frame');
    if (read.height !== null) frame.style.height = `${read.height}px`;
    this.#frame = frame;
    parts.note.before(frame);
    const client = new DistilleryClient(frame, { src: read.src });
    this.#client = client;
    this.#enter('loading');
    client.on('status', ({ status }) => this.#hearStatus(status));
    if (read.height === null) client.on('height', ({ height }) => this.#grow(height));
    client.on('refused', ({ problems }) => this.#tell('distillery-error', refusedBy(...problems)));
    client.on('failure', ({ failure }) => this.#tell('distillery-error', failure));
    client.connected.catch((reason: Failure) => this.#fail(client, reason));
    return client;
  }

  #unload(): void {
    this.#client?.close();
    this.#frame?.remove();
    this.#client = null;
    this.#frame = null;
    this.#status = 'empty';
    this.#isToResume = false;
  }

  #hearStatus(status: Status): void {
    this.#status = status;
    this.#tell('distillery-status', { status });
    // A script has started it: who runs has the place.
    if (this.#state === 'paused' && BUSY.includes(status)) this.activate().catch(() => undefined);
  }

  #grow(height: number): void {
    // A frame that is not shown has no height.
    if (height > 0 && this.#frame) this.#frame.style.height = `${height}px`;
  }

  #fail(client: DistilleryClient, reason: Failure): void {
    if (reason.code === 'closed' || client !== this.#client) return;
    this.#unload();
    stage.leave(this);
    this.#enter('failed');
    this.#tell('distillery-error', reason);
    const { fault } = this.#parts!;
    fault.textContent = failureIn(this.#language, reason, this.#read?.src ?? '');
    fault.hidden = false;
  }

  #enter(state: LabState): void {
    const isNew = state !== this.#state;
    this.#state = state;
    this.#say();
    if (isNew) this.#tell('distillery-state', { state });
  }

  /** Brings what is read in line with where the element stands. */
  #say(): void {
    const { box, still, title, about, run, note, noted, again, fault } = this.#parts ?? {};
    if (!box || !still || !title || !about || !run || !note || !noted || !again || !fault || !this.#read)
      return;
    const words = wordsIn(this.#language);
    box.lang = this.#language === 'zh' ? 'zh-Hans' : 'en';
    box.dataset.theme = this.#read.look.theme;
    box.dataset.state = this.#state;
    title.textContent = words.title(this.#name);
    about.textContent = words.about;
    run.textContent = again.textContent = words.run;
    noted.textContent = words.other;
    fault.textContent = this.#read.problems.map(words.problem).join(' ');
    fault.hidden = this.#read.problems.length === 0;
    still.hidden = this.#frame !== null || this.#read.src === null;
    note.hidden = this.#state !== 'paused';
    if (!this.#frame) return;
    this.#frame.title = words.title(this.#name);
    this.#frame.inert = this.#state === 'paused';
  }

  get #language(): Language {
    const ofReader = globalThis.navigator?.languages?.map(languageOf).find((found) => found !== null);
    return this.#read?.look.lang ?? ofReader ?? 'en';
  }

  get #name(): string {
    return this.getAttribute('lesson') ?? this.getAttribute('recipe') ?? '';
  }

  #tell<T extends keyof LabEvents>(type: T, detail: LabEvents[T]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}

function refusal(code: string, message: string): Failure {
  return { code, message, problems: [] };
}

function refusedBy(...problems: readonly Problem[]): Failure {
  const told = problems.map(({ path, value }) => `${path}: ${value} is not allowed`);
  return { code: 'argument_invalid', message: told.join('; '), problems };
}

/** Makes the element known; a second script of the same does nothing. */
export function define(): void {
  const elements = globalThis.customElements;
  if (elements && !elements.get('distillery-lab')) elements.define('distillery-lab', DistilleryLab);
}
