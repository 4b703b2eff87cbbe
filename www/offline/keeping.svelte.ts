/** What the visitor is told about later visits: whether they need the network, and that there is a new version. */

import { type Keeping as Kept, keepForOffline } from './offline';
import { isOutdated, ownVersion } from './version';

/** How often a page that stays open asks for a new version. */
const ASK_EVERY_MS = 30 * 60_000;
/** How often an offer looks whether the race is over. */
const LOOK_EVERY_MS = 500;

export class Keeping {
  /** Null while it is not known whether a next visit can do without the network. */
  kept = $state<Kept | null>(null);
  readonly #fetched = new Set<string>();
  #offered = false;
  #asking = false;

  constructor(
    /** Whether anything trains: a new version does not come into the middle of a race. */
    private readonly isTraining: () => boolean,
    /** Tells the visitor that there is a new version, once. */
    private readonly offer: () => void,
  ) {}

  /** Takes note of a file that a worker fetched. */
  note(address: string): void {
    this.#fetched.add(address);
  }

  /** Keeps what this visit used, and looks for new versions from now on. Never rejects. */
  async begin(): Promise<void> {
    const first = this.kept === null;
    this.kept = await keepForOffline(this.#fetched);
    if (!first || ownVersion() === null) return;
    setInterval(() => void this.look(), ASK_EVERY_MS);
    addEventListener('online', () => void this.look());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.look();
    });
    await this.look();
  }

  /** Asks whether there is a new version; a file that is missing may have gone with this one. */
  async look(): Promise<void> {
    if (this.#offered || this.#asking) return;
    this.#asking = true;
    const outdated = await isOutdated();
    this.#asking = false;
    if (!outdated || this.#offered) return;
    this.#offered = true;
    while (this.isTraining()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    this.offer();
  }
}
