/** Messages to the visitor that stay until they are dealt with. */

import type { Failure } from '../engine/messages';
import type { NotKept } from '../runs/runs.svelte';
import type { Refused } from './hash';
import type { Left } from './unfinished.svelte';

export type Subject = 'load' | 'digits' | 'engine' | 'run' | 'page';

export type PageNotice =
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly about: Subject;
      readonly retry: (() => void) | null;
    }
  | { readonly kind: 'refused'; readonly refused: readonly Refused[] }
  | { readonly kind: 'restored' }
  /** Runs last only as long as the page. */
  | { readonly kind: 'runs_not_kept'; readonly why: NotKept }
  /** A race that an earlier page has left under way. */
  | { readonly kind: 'unfinished'; readonly left: Left }
  /** The server has a newer page than this one. */
  | { readonly kind: 'new_version' };

export class Notices {
  list = $state.raw<readonly (PageNotice & { readonly id: number })[]>([]);
  #count = 0;

  add(notice: PageNotice): void {
    this.#count += 1;
    this.list = [...this.list, { ...notice, id: this.#count }];
  }

  /** One notice a subject: a second failure of the same kind replaces the first. */
  addFailure(failure: Failure, about: Subject, retry: (() => void) | null): void {
    this.clearFailures(about);
    this.add({ kind: 'failure', failure, about, retry });
  }

  /** What of a link was not taken over: one notice, of the latest link; none if all was. */
  setRefused(refused: readonly Refused[]): void {
    this.list = this.list.filter((notice) => notice.kind !== 'refused');
    if (refused.length > 0) this.add({ kind: 'refused', refused });
  }

  clearFailures(about: Subject): void {
    this.list = this.list.filter((notice) => notice.kind !== 'failure' || notice.about !== about);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
